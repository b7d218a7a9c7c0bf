"""Addresses of the consultations: to find one, one's own, and a specialist's practice."""

from django.urls import path

from consultations.views import booking, meeting, mine, practice, practice_booking, practice_profile, specialists

urlpatterns = [
    path("specialists/", specialists.specialists, name="specialists"),
    path("specialists/<slug:slug>/", specialists.specialist, name="specialist"),
    path("specialists/<slug:slug>/book/", booking.book, name="book"),
    path("specialists/photos/<str:sha256>.webp", practice_profile.photo, name="photo"),
    path("consultations/", mine.consultations, name="consultations"),
    path("consultations/<uuid:pk>/", meeting.booking, name="booking"),
    path("consultations/<uuid:pk>/appointment.ics", meeting.booking_file, name="booking_file"),
    path("consultations/<uuid:pk>/move/", meeting.booking_move, name="booking_move"),
    path("consultations/<uuid:pk>/cancel/", meeting.booking_cancel, name="booking_cancel"),
    path("consultations/<uuid:pk>/no-show/", meeting.booking_no_show, name="booking_no_show"),
    path("consultations/<uuid:pk>/object/", meeting.booking_object, name="booking_object"),
    path("consultations/<uuid:pk>/fit/", meeting.booking_fit, name="booking_fit"),
    path("consultations/waiting/", mine.waits, name="waits"),
    path("consultations/waiting/new/", mine.wait_new, name="wait_new"),
    path("consultations/waiting/<uuid:pk>/stop/", mine.wait_stop, name="wait_stop"),
    path("practice/", practice.practice, name="practice"),
    path("practice/start/", practice_profile.practice_start, name="practice_start"),
    path("practice/profile/", practice_profile.practice_profile, name="practice_profile"),
    path("practice/register/", practice_profile.practice_register, name="practice_register"),
    path("practice/preview/", practice_profile.practice_preview, name="practice_preview"),
    path("practice/photo/", practice_profile.practice_photo, name="practice_photo"),
    path("practice/submit/", practice.practice_submit, name="practice_submit"),
    path("practice/pause/", practice.practice_pause, name="practice_pause"),
    path("practice/feed/", practice_profile.practice_feed, name="practice_feed"),
    path("practice/meetings/", practice_booking.practice_meetings, name="practice_meetings"),
    path("practice/meetings/<uuid:pk>/", practice_booking.practice_booking, name="practice_booking"),
    path("practice/meetings/<uuid:pk>/cancel/", practice_booking.practice_cancel, name="practice_cancel"),
    path("practice/meetings/<uuid:pk>/no-show/", practice_booking.practice_no_show, name="practice_no_show"),
    path("practice/meetings/<uuid:pk>/object/", practice_booking.practice_object, name="practice_object"),
    path("practice/meetings/<uuid:pk>/block/", practice_booking.practice_block, name="practice_block"),
    path("feeds/<str:secret>.ics", practice_profile.feed, name="feed"),
]
