from django.apps import AppConfig


class PartiesConfig(AppConfig):
    name = "scf.parties"
    label = "parties"
