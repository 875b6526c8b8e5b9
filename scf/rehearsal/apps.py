from django.apps import AppConfig


class RehearsalConfig(AppConfig):
    name = "scf.rehearsal"
    label = "rehearsal"
