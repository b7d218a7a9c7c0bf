"""All URLs of the site."""

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from accounts.code_views import complete_reset, confirm_address, confirm_log_in, confirm_reset
from accounts.urls import factor_pages
from accounts.views import sessions_page
from journal.reminder_views import reminder_stop
from reflect import discovery, guide_views, mailbox, notice_views, views
from reflect.admin.journal import journal_counts
from reflect.admin.status import status

admin.autodiscover()
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]  # allauth's way

handler400 = views.bad_request
handler500 = views.failure

urlpatterns = [
    path("", views.landing, name="landing"),
    path("today/", views.today, name="today"),
    path("notices/", notice_views.notice_list, name="notices"),
    path("notices/read/", notice_views.notices_read, name="notices_read"),
    path("notices/<uuid:pk>/open/", notice_views.notice_open, name="notice_open"),
    path("help-now/", views.help_now, name="help_now"),
    path("leave/", views.leave, name="leave"),
    path("leave-explained/", views.leave_explained, name="leave_explained"),
    path("privacy/", views.privacy, name="privacy"),
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("offline/", views.offline, name="offline"),
    path("sw.js", views.service_worker, name="service_worker"),
    path("guide/", guide_views.guide, name="guide"),
    path("guide/<slug:theme>/", guide_views.guide_chapter, name="guide_chapter"),
    path("robots.txt", discovery.robots, name="robots"),
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    path("favicon.ico", discovery.favicon, name="favicon"),
    path("card.png", discovery.card, name="card"),
    path("balance/", include("assessments.urls")),
    path("journal/", include("journal.urls")),
    path(
        "reminder/<str:token>/", reminder_stop, name="reminder_stop"
    ),  # appears in mails, so it does not mention the journal
    path("consultations/about/", views.about_consultations, name="about_consultations"),
    path("consultations/sharing/", views.about_sharing, name="about_sharing"),
    path("practice/", include("practice.urls")),
    path("", include("exchange.urls")),
    path("", include("meetings.urls")),
    path("", include("consultations.urls")),
    path("account/", include("accounts.urls")),
    path("accounts/sessions/", sessions_page, name="usersessions_list"),  # these six instead of allauth's
    path("accounts/confirm-email/", confirm_address, name="account_email_verification_sent"),
    path("accounts/password/reset/confirm/", confirm_reset, name="account_confirm_password_reset_code"),
    path("accounts/password/reset/complete/", complete_reset, name="account_complete_password_reset"),
    path("accounts/login/code/confirm/", confirm_log_in, name="account_confirm_login_code"),
    path("accounts/2fa/", include(factor_pages)),
    path("accounts/", include("allauth.urls")),
    # Django's own page would change the password without the mail and the end of the other sessions.
    path(
        "admin/password_change/",
        RedirectView.as_view(pattern_name="account_change_password"),
        name="admin_password",
    ),
    path("admin/journal/", journal_counts, name="journal_counts"),  # no model has a page there
    path("admin/status/", status, name="admin_status"),
    path("admin/", admin.site.urls),
]

if settings.DEMO:
    urlpatterns += [
        path("demo/mailbox/", mailbox.mailbox, name="mailbox"),
        path("demo/mailbox/<str:name>/", mailbox.letter, name="letter"),
    ]
