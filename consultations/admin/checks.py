"""What the nightly check of bookings found, in the admin."""

from django.contrib import admin

from consultations.models import FailedCheck
from lib.admin import LongTableAdmin


@admin.register(FailedCheck)
class FailedCheckAdmin(LongTableAdmin):
    """Times that are offered and cannot be booked, the newest first. They go when a later check passes."""

    list_display = ("specialist", "which", "starts_at", "format", "reason", "found_at")
    list_select_related = ("specialist",)
    list_display_links = None
    ordering = ("-found_at", "pk")
    fields = ("specialist", "which", "starts_at", "format", "reason", "found_at")
