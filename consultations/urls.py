"""Addresses of the consultations: finding one, and one's own."""

from django.urls import path

from consultations.views import blocks, book, bookings, mine, proposals, specialists

urlpatterns = [
    path("specialists/", specialists.specialists, name="specialists"),
    path("specialists/<slug:slug>/", specialists.specialist, name="specialist"),
    path("specialists/<slug:slug>/book/", book.book, name="book"),
    path("specialists/photos/<str:sha256>.webp", specialists.photo, name="photo"),
    path("consultations/", mine.consultations, name="consultations"),
    path("consultations/<uuid:pk>/", bookings.booking, name="booking"),
    path("consultations/<uuid:pk>/appointment.ics", bookings.booking_file, name="booking_file"),
    path("consultations/<uuid:pk>/move/", bookings.booking_move, name="booking_move"),
    path("consultations/<uuid:pk>/proposal/", proposals.booking_proposal, name="booking_proposal"),
    path("consultations/<uuid:pk>/cancel/", bookings.booking_cancel, name="booking_cancel"),
    path("consultations/<uuid:pk>/no-show/", bookings.booking_no_show, name="booking_no_show"),
    path("consultations/<uuid:pk>/block/", blocks.booking_block, name="booking_block"),
    path("consultations/<uuid:pk>/fit/", bookings.booking_fit, name="booking_fit"),
    path("consultations/waiting/", mine.waiting_entries, name="waiting_entries"),
    path("consultations/waiting/new/", mine.waiting_entry_new, name="waiting_entry_new"),
    path("consultations/waiting/<uuid:pk>/stop/", mine.waiting_entry_stop, name="waiting_entry_stop"),
    path("feeds/<str:secret>.ics", specialists.feed, name="feed"),
]
