from django.apps import AppConfig


class PaymentsConfig(AppConfig):
    name = "scf.payments"
    label = "payments"
