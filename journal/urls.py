"""Addresses of the journal, under `/journal/`."""

from django.urls import path

from journal import draft_views, reading_views, reminder_views, version_views, views

urlpatterns = [
    path("", reading_views.journal, name="journal"),
    path("search/", reading_views.journal_search, name="journal_search"),
    path("search/<uuid:pk>/", reading_views.journal_found, name="journal_found"),
    path("prompts/", views.prompts, name="prompts"),
    path("prompts/choose/", views.choose_prompt, name="choose_prompt"),
    path("new/", views.entry_new, name="entry_new"),
    path("draft/", draft_views.draft, name="draft"),
    path("draft/person/", draft_views.draft_person, name="draft_person"),
    path("reminder/", reminder_views.reminder, name="reminder"),
    path("bin/", version_views.journal_bin, name="journal_bin"),
    path("bin/empty/", version_views.empty_bin, name="empty_bin"),
    path("<uuid:pk>/", views.entry, name="entry"),
    path("<uuid:pk>/write/", views.entry_edit, name="entry_edit"),
    path("<uuid:pk>/then/", reading_views.then_and_now, name="then_and_now"),
    path("<uuid:pk>/delete/", version_views.entry_delete, name="entry_delete"),
    path("<uuid:pk>/delete/now/", version_views.entry_delete_now, name="entry_delete_now"),
    path("<uuid:pk>/revisions/", version_views.revisions, name="revisions"),
    path("<uuid:pk>/revisions/<uuid:version>/", version_views.revision, name="revision"),
    path("<uuid:pk>/versions/<uuid:version>/", version_views.versions, name="versions"),
]
