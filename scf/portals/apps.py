from django.apps import AppConfig


class PortalsConfig(AppConfig):
    name = "scf.portals"
    label = "portals"
