from django.apps import AppConfig


class LoansConfig(AppConfig):
    name = "scf.loans"
    label = "loans"
