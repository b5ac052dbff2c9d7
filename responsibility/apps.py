from django.apps import AppConfig


class ResponsibilityConfig(AppConfig):
    """Letters of responsibility, reports and accountability."""

    name = "responsibility"
