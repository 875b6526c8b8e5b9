"""The addresses of a deal's pages."""

from django.urls import path

from scf.portals.deal import (
    claims,
    corrections,
    delivery,
    explorer,
    lend,
    papers,
    settlement,
    signing,
    stream,
    views,
)

urlpatterns = [
    path("deals/<uuid:deal_id>/", views.deal, name="deal"),
    path("deals/<uuid:deal_id>/review", views.review, name="review"),
    path("deals/<uuid:deal_id>/recommend", views.recommend, name="recommend"),
    path("deals/<uuid:deal_id>/approve", views.approve, name="approve"),
    path("deals/<uuid:deal_id>/refuse", views.refuse, name="refuse"),
    path("deals/<uuid:deal_id>/send-back", views.send_back, name="send_back"),
    path("deals/<uuid:deal_id>/lend", lend.lend, name="lend"),
    path("deals/<uuid:deal_id>/not-lend", lend.not_lend, name="not_lend"),
    path("deals/<uuid:deal_id>/sign", signing.sign, name="sign"),
    path("deals/<uuid:deal_id>/deposit", signing.pledge, name="pledge"),
    path("deals/<uuid:deal_id>/own-funds", signing.own_funds, name="own_funds"),
    path("deals/<uuid:deal_id>/pay-out", signing.pay_out, name="pay_out"),
    path("deals/<uuid:deal_id>/cancel", signing.cancel, name="cancel_application"),
    path("deals/<uuid:deal_id>/withdraw", signing.withdraw, name="withdraw"),
    path("deals/<uuid:deal_id>/resubmit", corrections.resubmit, name="resubmit"),
    path(
        "deals/<uuid:deal_id>/resubmit/quote", corrections.correction_quote, name="correction_quote"
    ),
    path("deals/<uuid:deal_id>/ship", delivery.ship, name="ship"),
    path(
        "deals/<uuid:deal_id>/evidence-link/<int:delivery_line_id>",
        delivery.evidence_link,
        name="evidence_link",
    ),
    path("deals/<uuid:deal_id>/accept/<int:delivery_line_id>", delivery.accept, name="accept"),
    path(
        "deals/<uuid:deal_id>/confirm/<int:acceptance_id>",
        delivery.confirm,
        name="confirm_acceptance",
    ),
    path(
        "deals/<uuid:deal_id>/acceptances/<int:acceptance_id>/sign",
        delivery.sign_acceptance,
        name="sign_acceptance",
    ),
    path("deals/<uuid:deal_id>/dispute/<uuid:line_id>", settlement.dispute, name="dispute"),
    path("deals/<uuid:deal_id>/decide/<uuid:line_id>", settlement.decide, name="decide"),
    path(
        "deals/<uuid:deal_id>/return/<uuid:line_id>", settlement.agree_return, name="agree_return"
    ),
    path("deals/<uuid:deal_id>/claim", claims.claim, name="claim"),
    path("deals/<uuid:deal_id>/repay", settlement.repay, name="repay"),
    path("deals/<uuid:deal_id>/papers/<int:due_id>", papers.paper_now, name="paper_now"),
    path("deals/<uuid:deal_id>/facts", stream.facts_since, name="facts_since"),
    path("evidence/<str:token>", delivery.evidence, name="evidence"),
    path("tx/<str:tx_hash>", explorer.transaction, name="transaction"),
    path("blocks/<int:number>", explorer.block, name="block"),
    path("stuck/", explorer.stuck, name="stuck"),
    path("stuck/<str:kind>/<uuid:thing_id>/<str:verb>", explorer.repair, name="repair"),
]
