from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "scf.api"
    label = "api"
