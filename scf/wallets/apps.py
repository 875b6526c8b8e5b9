from django.apps import AppConfig


class WalletsConfig(AppConfig):
    name = "scf.wallets"
    label = "wallets"
