"""What a job of the queue was to do, in words for staff: every task of the site has its sentence."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

MAIL = _("An e-mail was not sent.")
OTHER = _("A job of an earlier or later release did not finish.")

# By the name of the task. A name that a release no longer has stays until no job of it can be left.
NOT_DONE: "Mapping[str, _StrPromise]" = {
    "accounts.tasks.send_mail": MAIL,
    "accounts.tasks.check_quotas_nightly": _("How much each account stores was not checked."),
    "accounts.tasks.close_accounts_nightly": _("Accounts that were to be closed were not all closed."),
    "accounts.tasks.erase_unconfirmed_accounts_hourly": _("Accounts that were never confirmed were not deleted."),
    "accounts.tasks.forget_held_forms": _("Forms that were sent back to people were not deleted in time."),
    "accounts.tasks.forget_old_records_nightly": _("Old sessions, notices and records of log-ins were not deleted."),
    "accounts.tasks.list_erased": _("The list of erased accounts, which a restore needs, was not written."),
    "accounts.tasks.post_weekly_news": _("The weekly e-mails about notices were not made."),
    "assessments.tasks.ask_to_answer_again": _("People who agreed to it were not asked to answer again."),
    "assessments.tasks.delete_abandoned_questionnaires": _("Abandoned questionnaires were not deleted."),
    "assessments.tasks.measure_errors": _("The errors were not worked out from people who answered twice."),
    "assessments.tasks.work_out_group_figures": _("The group figures were not worked out."),
    "consultations.tasks.check_bookings": _("The nightly check of bookings did not finish."),
    "consultations.tasks.check_registers": _("Specialists who are due for their yearly check were not told or hidden."),
    "consultations.tasks.clear_ended_practices": _("Practices that ended were not deleted in time."),
    "consultations.tasks.complete_past_meetings": _("Past meetings were not marked as having taken place."),
    "consultations.tasks.forget_absences": _("Old absences were not deleted."),
    "consultations.tasks.forget_meetings": _("Old meetings were not deleted."),
    "consultations.tasks.forget_notes": _("What people wrote for past meetings was not deleted."),
    "consultations.tasks.generate_slots_nightly": _("New times were not made from the hours of specialists."),
    "consultations.tasks.read_calendars": _("The specialists’ own calendars were not read."),
    "consultations.tasks.read_calendars_now": _("A specialist’s own calendar was not read when it was connected."),
    "consultations.tasks.send_agendas": _("The e-mails with the day’s meetings were not made."),
    "consultations.tasks.send_message": MAIL,
    "consultations.tasks.send_reminders": _("Reminders of meetings were not made."),
    "consultations.tasks.tell_waiting": _("People who wait for a time were not told that one is free."),
    "exchange.tasks.count_reply_times": _("How soon specialists usually answer was not worked out."),
    "exchange.tasks.end_day_of_questions": _("What authors of questions did that day was not shown."),
    "exchange.tasks.forget_contacts": _("Old messages to the site were not deleted."),
    "exchange.tasks.forget_messages": _("Old conversations were not deleted."),
    "exchange.tasks.forget_remarks": _("What was written for staff about old objections was not deleted."),
    "exchange.tasks.forget_reports": _("Old reports were not deleted."),
    "exchange.tasks.tell_team": _("Staff were not told that something waits."),
    "journal.tasks.empty_bins": _("Entries that were in the bin long enough were not deleted."),
    "journal.tasks.forget_old_revisions": _("Old versions of entries were not deleted."),
    "journal.tasks.hand_out_reminders": _("Reminders to write were not made."),
    "journal.tasks.send_reminder": _("A reminder to write was not made."),
    "meetings.tasks.forget_next_steps": _("Old next steps were not deleted."),
    "meetings.tasks.forget_shares": _("What was shared for past meetings was not deleted."),
    "reflect.tasks.prove_promises": _("What the site promises was not checked during the night."),
    "reflect.tasks.publish_banners_nightly": _("The banners were not written again during the night."),
    "reflect.tasks.publish_helplines": _("The help page was not brought up to date."),
    "reflect.tasks.publish_helplines_nightly": _("The help page was not brought up to date during the night."),
    "reflect.tasks.count_daily_figures": _("The figures of a day were not counted."),
    "reflect.tasks.publish_banners": _("A banner was not put on the pages, or not taken off."),
    "reflect.tasks.remove_finished_jobs": _("Finished jobs were not deleted."),
    "reflect.tasks.retry_stalled_jobs": _("Jobs of workers that stopped were not started again."),
}


def not_done(task: str) -> "_StrPromise":
    """A sentence about a job that failed."""
    return NOT_DONE.get(task, OTHER)
