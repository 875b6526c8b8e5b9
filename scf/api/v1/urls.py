"""The addresses of version 1: nouns in the plural, verbs by POST."""

from django.urls import path, re_path

from scf.api.v1 import (
    applications,
    deals,
    decisions,
    deliveries,
    documents,
    guarantees,
    imports,
    invoices,
    loan_funders,
    loan_quotes,
    loans,
    orders,
    programmes,
)
from scf.api.v1.nowhere import Nowhere

_DECISIONS = {
    "recommend": decisions.RecommendApplication,
    "return": decisions.ReturnApplication,
    "reject": decisions.RejectApplication,
    "send-back": decisions.SendBackApplication,
    "approve": decisions.ApproveApplication,
    "lend": decisions.LendBeside,
    "not-lend": decisions.NotLendBeside,
    "sign": decisions.SignApplication,
    "own-funds": decisions.PayOwnFunds,
    "deposit": decisions.PledgeDeposit,
    "pay-out": decisions.PayOutApplication,
    "withdraw": decisions.WithdrawApplication,
    "cancel": decisions.CancelApplication,
    "resubmit": decisions.ResubmitApplication,
}
_DEMANDING = {
    "approve": guarantees.ApproveGuarantee,
    "refuse": guarantees.RefuseGuarantee,
    "pay": guarantees.PayGuarantee,
    "decline": guarantees.DeclineGuarantee,
    "uphold": guarantees.UpholdGuarantee,
    "withdraw": guarantees.WithdrawGuarantee,
}
_GUARANTEE = "guarantees/<uuid:guarantee_id>"
_ORDER = "orders/<uuid:order_id>"
_IMPORT = "imports/<uuid:import_id>"
_APPLICATION = "applications/<uuid:application_id>"

urlpatterns = [
    path("orders", orders.Orders.as_view()),
    path(_ORDER, orders.OneOrder.as_view(), name="order"),
    path(f"{_ORDER}/confirm", orders.ConfirmOrder.as_view()),
    path(f"{_ORDER}/cancel", orders.CancelOrder.as_view()),
    path("imports", imports.Imports.as_view()),
    path(_IMPORT, imports.OneImport.as_view()),
    path(f"{_IMPORT}/confirm", imports.ConfirmImport.as_view()),
    path(f"{_IMPORT}/refuse", imports.RefuseImport.as_view()),
    path("applications", applications.Applications.as_view()),
    path("applications/preview", applications.PreviewApplication.as_view()),
    path(_APPLICATION, applications.OneApplication.as_view(), name="application"),
    *(path(f"{_APPLICATION}/{verb}", view.as_view()) for verb, view in _DECISIONS.items()),
    path("deliveries", deliveries.Deliveries.as_view()),
    path("deliveries/<uuid:delivery_id>", deliveries.OneDelivery.as_view()),
    path(
        f"{_APPLICATION}/delivery-lines/<int:delivery_line_id>/accept",
        deliveries.AcceptDelivery.as_view(),
    ),
    path(
        f"{_APPLICATION}/acceptances/<int:acceptance_id>/confirm",
        deliveries.ConfirmAcceptance.as_view(),
    ),
    path("deals/<uuid:deal_id>", deals.OneDeal.as_view()),
    path("documents", documents.Documents.as_view()),
    path("documents/<uuid:document_id>", documents.OneDocument.as_view()),
    path("documents/<uuid:document_id>/content", documents.DocumentContent.as_view()),
    path("invoices", invoices.Invoices.as_view()),
    path("invoices/<uuid:invoice_id>", invoices.OneInvoice.as_view()),
    path("programmes", programmes.Programmes.as_view()),
    path("programmes/<uuid:programme_id>", programmes.OneProgramme.as_view()),
    path("loans", loans.Loans.as_view()),
    path("loans/<uuid:loan_id>", loans.OneLoan.as_view()),
    path("loans/<uuid:loan_id>/quote", loan_quotes.QuoteLoan.as_view()),
    path("loans/<uuid:loan_id>/funders", loan_funders.LoanFunders.as_view()),
    path("loans/<uuid:loan_id>/repay", loans.RepayLoan.as_view()),
    path("guarantees", guarantees.Guarantees.as_view()),
    path(_GUARANTEE, guarantees.OneGuarantee.as_view()),
    *(path(f"{_GUARANTEE}/{verb}", view.as_view()) for verb, view in _DEMANDING.items()),
    re_path(r"^.*$", Nowhere.as_view()),
]
