"""URLs of the specialist's desk, under `/practice/`."""

from django.urls import path

from practice.views import absences, bookings, calendars, desk, hours, meetings, overview, profile, questions

app_name = "practice"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("submit/", overview.submit, name="submit"),
    path("pause/", overview.pause, name="pause"),
    path("start/", profile.start, name="start"),
    path("profile/", profile.profile, name="profile"),
    path("register/", profile.register, name="register"),
    path("preview/", profile.preview, name="preview"),
    path("photo/", profile.photo, name="photo"),
    path("feed/", profile.feed, name="feed"),
    path("hours/", hours.weekly_hours, name="hours"),
    path("dates/", hours.single_dates, name="dates"),
    path("limits/", hours.limits, name="limits"),
    path("absences/", absences.all_absences, name="absences"),
    path("absences/<uuid:pk>/", absences.absence, name="absence"),
    path("absences/<uuid:pk>/meetings/", absences.absence_meetings, name="absence_meetings"),
    path("time-zone/", hours.time_zone, name="zone"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/read/", calendars.read_calendars, name="calendars_read"),
    path("calendars/<uuid:pk>/", calendars.calendar, name="calendar"),
    path("calendars/<uuid:pk>/remove/", calendars.remove_calendar, name="calendar_remove"),
    path("slots/", hours.slots_of_week, name="slots"),
    path("slots/change/", hours.change_slot, name="slot"),
    path("messages/texts/", desk.saved_texts, name="texts"),
    path("messages/texts/new/", desk.new_text, name="text_new"),
    path("messages/texts/<uuid:pk>/", desk.saved_text, name="text"),
    path("messages/texts/<uuid:pk>/delete/", desk.delete_text, name="text_delete"),
    path("messages/refer/<uuid:pk>/", desk.refer, name="refer"),
    path("messages/away/", desk.away, name="away"),
    path("meetings/", bookings.past_bookings, name="past_bookings"),
    path("meetings/<uuid:pk>/", bookings.booking, name="booking"),
    path("meetings/<uuid:pk>/cancel/", bookings.booking_cancel, name="booking_cancel"),
    path("meetings/<uuid:pk>/no-show/", bookings.booking_no_show, name="booking_no_show"),
    path("meetings/<uuid:pk>/object/", bookings.booking_object, name="booking_object"),
    path("meetings/<uuid:pk>/block/", bookings.booking_block, name="booking_block"),
    path("meetings/<uuid:pk>/shared/", meetings.shared, name="shared"),
    path("meetings/<uuid:pk>/meeting/", meetings.meeting, name="meeting"),
    path("questions/", questions.questions, name="questions"),
    path("questions/<uuid:pk>/", questions.question, name="question"),
    path("questions/<uuid:pk>/take/", questions.question_take, name="question_take"),
    path("questions/<uuid:pk>/delete/", questions.answer_delete, name="answer_delete"),
]
