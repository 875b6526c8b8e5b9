"""The addresses of the pages: accounts, health, public verification, and the four portals."""

from django.urls import include, path

from scf.portals import account, files, health, home, inbox, keys, people, saved, verify, wallet

urlpatterns = [
    path("", home.start, name="start"),
    path("accounts/", include("scf.portals.account_urls")),
    path("preferences/", account.change_preferences, name="preferences"),
    path("saved-views/", saved.save, name="saved_view_save"),
    path("saved-views/<int:view_id>/drop", saved.drop, name="saved_view_drop"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/bell", inbox.bell, name="inbox_bell"),
    path("inbox/read", inbox.read_all, name="inbox_read_all"),
    path("inbox/preferences/", inbox.preferences, name="inbox_preferences"),
    path("inbox/<uuid:item_id>/", inbox.open_item, name="inbox_open"),
    path("inbox/<uuid:item_id>/read", inbox.read_item, name="inbox_read"),
    path("organization/", account.switch_organization, name="switch_organization"),
    path("organization/keys/", keys.keys, name="api_keys"),
    path("organization/keys/<str:prefix>/revoke", keys.revoke, name="api_key_revoke"),
    path("organization/people/", people.people, name="people"),
    path("organization/people/<uuid:recovery_id>/confirm", people.confirm, name="people_confirm"),
    path("organization/people/<uuid:recovery_id>/refuse", people.refuse, name="people_refuse"),
    path("wallets/<uuid:wallet_id>/", wallet.wallet, name="wallet"),
    path("documents/<uuid:document_id>", files.download, name="document"),
    path("verify/", verify.ask, name="verify_ask"),
    path("verify/<str:number>", verify.show, name="verify"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("scf.portals.deal.urls")),
    path("", include("scf.portals.orders.urls")),
    path("", include("scf.portals.applications.urls")),
    path("", include("scf.portals.loans.urls")),
    path("", include("scf.portals.programmes.urls")),
    path("e/", include("scf.portals.enterprise.urls")),
    path("b/", include("scf.portals.bank.urls")),
    path("m/", include("scf.portals.member.urls")),
    path("o/", include("scf.portals.operator.urls")),
]
