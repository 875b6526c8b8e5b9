from django.apps import AppConfig

from scf.core.words import teach_permissions
from scf.parties.permission_words import PERMISSIONS


class PartiesConfig(AppConfig):
    name = "scf.parties"
    label = "parties"

    def ready(self) -> None:
        """Teach the rooms below what permissions are called."""
        teach_permissions(PERMISSIONS)
