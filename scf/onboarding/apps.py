from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    name = "scf.onboarding"
    label = "onboarding"
