"""The addresses of the pages of loans."""

from django.urls import path

from scf.portals.loans import books, one, quote, views

urlpatterns = [
    path("loans/", views.loans, name="loans"),
    path("loans/<uuid:loan_id>/", one.loan, name="loan"),
    path("loans/<uuid:loan_id>/quote", quote.quote, name="loan_quote"),
    path("loans/<uuid:loan_id>/accruals", books.accruals, name="loan_accruals"),
    path("loans/<uuid:loan_id>/postings", books.postings, name="loan_postings"),
]
