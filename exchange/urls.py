"""Addresses of what people write to each other, and to the site."""

from django.urls import path

from exchange.views import contact

urlpatterns = [
    path("contact/", contact.contact, name="contact"),
    path("contact/sent/", contact.contact_sent, name="contact_sent"),
    path("contact/answer/", contact.contact_answer, name="contact_answer"),
]
