"""The addresses of the pages of loans."""

from django.urls import path

from scf.portals.loans import (
    arrears,
    books,
    collections,
    demands,
    deposits,
    one,
    propose,
    quote,
    report,
    views,
    what_if,
)

urlpatterns = [
    path("loans/", views.loans, name="loans"),
    path("loans/arrears/", arrears.arrears, name="loans_arrears"),
    path("loans/report/", report.report, name="loans_report"),
    path("loans/report/<str:month>.xlsx", report.month_file, name="loans_report_file"),
    path("loans/collections/", collections.tasks, name="collection_tasks"),
    path("loans/collections/<uuid:task_id>/", collections.task, name="collection_task"),
    path("loans/collections/<uuid:task_id>/note", collections.note, name="collection_note"),
    path("loans/collections/<uuid:task_id>/assign", collections.assign, name="collection_assign"),
    path("loans/collections/<uuid:task_id>/close", collections.close, name="collection_close"),
    path("loans/<uuid:loan_id>/", one.loan, name="loan"),
    path("loans/<uuid:loan_id>/refund", one.refund, name="loan_refund"),
    path("loans/<uuid:loan_id>/deposit", deposits.propose, name="deposit_use"),
    path("loans/<uuid:loan_id>/deposit/approve", deposits.approve, name="deposit_approve"),
    path("loans/<uuid:loan_id>/deposit/refuse", deposits.refuse, name="deposit_refuse"),
    path("loans/<uuid:loan_id>/quote", quote.quote, name="loan_quote"),
    path("loans/<uuid:loan_id>/accruals", books.accruals, name="loan_accruals"),
    path("loans/<uuid:loan_id>/propose/<slug:kind>", propose.propose, name="loan_propose"),
    path("loans/<uuid:loan_id>/what-if", what_if.restructure, name="loan_what_if"),
    path(
        "loans/<uuid:loan_id>/proposals/<uuid:proposal_id>/approve",
        what_if.approve,
        name="proposal_approve",
    ),
    path(
        "loans/<uuid:loan_id>/proposals/<uuid:proposal_id>/refuse",
        what_if.refuse,
        name="proposal_refuse",
    ),
    path("loans/<uuid:loan_id>/demand", demands.propose, name="loan_demand"),
    path("guarantees/", demands.demands, name="demands"),
    path("guarantees/<uuid:demand_id>/", demands.demand, name="demand"),
    path("guarantees/<uuid:demand_id>/approve", demands.approve, name="demand_approve"),
    path("guarantees/<uuid:demand_id>/refuse", demands.refuse, name="demand_refuse"),
    path("guarantees/<uuid:demand_id>/withdraw", demands.withdraw, name="demand_withdraw"),
    path("guarantees/<uuid:demand_id>/uphold", demands.uphold, name="demand_uphold"),
    path("guarantees/<uuid:demand_id>/decline", demands.decline, name="demand_decline"),
    path("guarantees/<uuid:demand_id>/pay", demands.pay, name="demand_pay"),
    path("loans/<uuid:loan_id>/collect", collections.open_task, name="collection_open"),
    path("loans/<uuid:loan_id>/postings", books.postings, name="loan_postings"),
]
