from django.apps import AppConfig


class WorkflowConfig(AppConfig):
    name = "scf.workflow"
    label = "workflow"
