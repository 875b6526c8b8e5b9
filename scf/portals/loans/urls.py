"""The addresses of the pages of loans."""

from django.urls import path

from scf.portals.loans import arrears, books, collections, one, quote, views

urlpatterns = [
    path("loans/", views.loans, name="loans"),
    path("loans/arrears/", arrears.arrears, name="loans_arrears"),
    path("loans/collections/", collections.tasks, name="collection_tasks"),
    path("loans/collections/<uuid:task_id>/", collections.task, name="collection_task"),
    path("loans/collections/<uuid:task_id>/note", collections.note, name="collection_note"),
    path("loans/collections/<uuid:task_id>/assign", collections.assign, name="collection_assign"),
    path("loans/collections/<uuid:task_id>/close", collections.close, name="collection_close"),
    path("loans/<uuid:loan_id>/", one.loan, name="loan"),
    path("loans/<uuid:loan_id>/quote", quote.quote, name="loan_quote"),
    path("loans/<uuid:loan_id>/accruals", books.accruals, name="loan_accruals"),
    path("loans/<uuid:loan_id>/collect", collections.open_task, name="collection_open"),
    path("loans/<uuid:loan_id>/postings", books.postings, name="loan_postings"),
]
