"""Addresses of what people write to each other, and to the site."""

from django.urls import path

from exchange.views import asking, blocks, contact, drafts, messages, objections, own_questions, questions, reports

urlpatterns = [
    path("contact/", contact.contact, name="contact"),
    path("contact/sent/", contact.contact_sent, name="contact_sent"),
    path("contact/answer/", contact.contact_answer, name="contact_answer"),
    path("messages/", messages.message_list, name="messages"),
    path("messages/new/<slug:slug>/", messages.message_new, name="message_new"),
    path("messages/new/<slug:slug>/draft/", drafts.message_new_draft, name="message_new_draft"),
    path("messages/<uuid:pk>/", messages.message_thread, name="message_thread"),
    path("messages/<uuid:pk>/draft/", drafts.message_draft, name="message_draft"),
    path("messages/<uuid:pk>/drafts/<uuid:draft>/delete/", messages.message_discard, name="message_discard"),
    path("messages/<uuid:pk>/open/", messages.message_open, name="message_open"),
    path("messages/<uuid:pk>/shows/", messages.message_shows, name="message_shows"),
    path("messages/blocked/", blocks.blocked, name="blocked"),
    path("messages/<uuid:pk>/block/", blocks.message_block, name="message_block"),
    path("messages/<uuid:pk>/report/", reports.message_report, name="message_report"),
    path("consultations/<uuid:pk>/object/", objections.booking_object, name="booking_object"),
    path("questions/new/", asking.question_new, name="question_new"),
    path("questions/new/draft/", asking.question_draft, name="question_draft"),
    path("questions/new/delete/", asking.question_draft_delete, name="question_draft_delete"),
    path("questions/mine/", own_questions.questions_mine, name="questions_mine"),
    path("questions/mine/<uuid:pk>/", own_questions.question_mine, name="question_mine"),
    path("questions/mine/<uuid:pk>/edit/", own_questions.question_edit, name="question_edit"),
    path("questions/mine/<uuid:pk>/edit/draft/", own_questions.question_edit_draft, name="question_edit_draft"),
    path("questions/mine/<uuid:pk>/more/draft/", own_questions.question_more_draft, name="question_more_draft"),
    path(
        "questions/mine/<uuid:pk>/draft/delete/",
        own_questions.question_own_draft_delete,
        name="question_own_draft_delete",
    ),
    path("questions/mine/<uuid:pk>/agree/", own_questions.question_agree, name="question_agree"),
    path("questions/mine/<uuid:pk>/thank/<uuid:answer>/", own_questions.question_thank, name="question_thank"),
    path("questions/mine/<uuid:pk>/more/", own_questions.question_more, name="question_more"),
    path("questions/mine/<uuid:pk>/open/", own_questions.question_open, name="question_open"),
    path("questions/mine/<uuid:pk>/withdraw/", own_questions.question_withdraw, name="question_withdraw"),
    path("questions/", questions.questions, name="questions"),
    path("questions/found/<uuid:pk>/", questions.questions_found, name="questions_found"),
    path("questions/<uuid:pk>/", questions.question, name="question"),
    path("questions/<uuid:pk>/flag/", questions.flag, name="question_flag"),
    path("questions/<uuid:pk>/answers/<uuid:answer>/flag/", questions.flag, name="answer_flag"),
    path("questions/<uuid:pk>/answers/<uuid:answer>/helped/", questions.answer_helped, name="answer_helped"),
]
