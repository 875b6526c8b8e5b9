from django.apps import AppConfig


class TradeConfig(AppConfig):
    name = "scf.trade"
    label = "trade"
