from django.apps import AppConfig


class RiskConfig(AppConfig):
    name = "scf.risk"
    label = "risk"
