from django.apps import AppConfig


class CreditConfig(AppConfig):
    name = "scf.credit"
    label = "credit"
