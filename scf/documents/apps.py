from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "scf.documents"
    label = "documents"
