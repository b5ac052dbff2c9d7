from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Punishment cases, clues, exposure and recommendations."""

    name = "cases"
