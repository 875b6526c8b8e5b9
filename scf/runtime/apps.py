from django.apps import AppConfig


class RuntimeConfig(AppConfig):
    name = "scf.runtime"
    label = "runtime"
