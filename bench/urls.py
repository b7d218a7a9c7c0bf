"""The product's URLs, and the anchor's."""

from django.urls import path

from bench import views
from reflect.urls import urlpatterns as product

urlpatterns = [
    path("anchor/page/", views.page),
    path("anchor/post/", views.post),
    *product,
]
