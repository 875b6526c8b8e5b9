"""The last app to be ready: by then every room's models exist and reactions can be loaded."""

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ConfigConfig(AppConfig):
    name = "scf.config"
    label = "config"

    def ready(self) -> None:
        autodiscover_modules("reactions")
