"""Settings of the tests: what must differ, and nothing else."""

from pathlib import Path
from tempfile import gettempdir

from scf.config.settings import *  # noqa: F403 - the tests run the very settings of production

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CELERY_TASK_ALWAYS_EAGER = False
CHAIN_CONFIRMATIONS = 1
DOCUMENTS_ROOT = str(Path(gettempdir()) / "scf-test-documents")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
