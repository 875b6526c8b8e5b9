from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    name = "scf.reconciliation"
    label = "reconciliation"
