from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """Units, leading groups, persons, posts and tenures."""

    name = "portal.organisation"
