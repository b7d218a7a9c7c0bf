from django.urls import path

from exchange import views

urlpatterns = [
    path("", views.contact, name="contact"),
    path("sent/", views.contact_sent, name="contact_sent"),
    path("answer/", views.contact_answer, name="contact_answer"),
]
