from django.apps import AppConfig


class SystemsConfig(AppConfig):
    """The register of institutional systems."""

    name = "systems"
