"""The addresses of the portal of the bank."""

from django.urls import path

from scf.portals import home
from scf.portals.bank import freeze, limits, programmes, wallets

app_name = "bank"
urlpatterns = [
    path("", home.home, name="home"),
    path("programmes/new/", programmes.propose, name="programme_new"),
    path("programmes/<uuid:programme_id>/terms", programmes.propose_terms, name="programme_terms"),
    path("versions/<uuid:version_id>/approve", programmes.approve, name="version_approve"),
    path("versions/<uuid:version_id>/refuse", programmes.refuse, name="version_refuse"),
    path("versions/<uuid:version_id>/lend", programmes.agree_as_partner, name="partner_agree"),
    path("versions/<uuid:version_id>/no", programmes.decline_as_partner, name="partner_decline"),
    path("wallets/", wallets.wallets, name="wallets"),
    path("wallets/<uuid:wallet_id>/exchange", wallets.exchange, name="exchange"),
    path("wallets/<uuid:owner_id>/credit", wallets.credit, name="credit"),
    path("wallets/<uuid:wallet_id>/freeze", freeze.freeze, name="freeze"),
    path("wallets/<uuid:wallet_id>/lift", freeze.lift, name="lift"),
    path("limits/", limits.limits, name="limits"),
    path("limits/new/", limits.propose, name="limit_new"),
    path("limits/<uuid:limit_id>/", limits.limit, name="limit"),
    path("limits/changes/<uuid:change_id>/approve", limits.approve, name="change_approve"),
    path("limits/changes/<uuid:change_id>/refuse", limits.refuse, name="change_refuse"),
]
