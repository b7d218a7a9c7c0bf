"""Addresses of what a member does around a meeting; the specialist's are in practice."""

from django.urls import path

from meetings.views import going_on, meeting, next_steps, ready, sharing, talk

urlpatterns = [
    path("consultations/talk/", talk.talk_over, name="talk_over"),
    path("consultations/<uuid:pk>/ready/", ready.ready, name="ready"),
    path("consultations/<uuid:pk>/ready/draft/", ready.ready_draft, name="ready_draft"),
    path("consultations/<uuid:pk>/ready/entries/", ready.ready_entries, name="ready_entries"),
    path("consultations/<uuid:pk>/ready/versions/<uuid:version>/", ready.ready_version, name="ready_version"),
    path("consultations/<uuid:pk>/ready/preview/", sharing.ready_preview, name="ready_preview"),
    path("consultations/<uuid:pk>/share/", sharing.share, name="share"),
    path("consultations/<uuid:pk>/share/stop/", sharing.share_stop, name="share_stop"),
    path("consultations/<uuid:pk>/meeting/", meeting.meeting, name="meeting"),
    path("consultations/<uuid:pk>/take-along/", meeting.take_along, name="take_along"),
    path("consultations/<uuid:pk>/step/", next_steps.step, name="next_step"),
    path("consultations/<uuid:pk>/step/draft/", next_steps.step_draft, name="next_step_draft"),
    path("consultations/<uuid:pk>/step/answer/", next_steps.answer, name="next_step_answer"),
    path("consultations/<uuid:pk>/going-on/", going_on.going_on, name="going_on"),
]
