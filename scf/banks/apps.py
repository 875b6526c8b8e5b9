from django.apps import AppConfig


class BanksConfig(AppConfig):
    name = "scf.banks"
    label = "banks"
