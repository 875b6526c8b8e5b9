from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "scf.ledger"
    label = "ledger"
