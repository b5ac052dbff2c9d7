from django.apps import AppConfig


class EducationConfig(AppConfig):
    """Campaigns of learning and their records."""

    name = "education"
