from django.apps import AppConfig


class FinancingConfig(AppConfig):
    name = "scf.financing"
    label = "financing"
