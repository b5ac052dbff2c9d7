from django.apps import AppConfig


class OrganisationConfig(AppConfig):
    """Units, leading groups, persons, posts and tenures."""

    name = "portal.organisation"

    def ready(self) -> None:
        """Make known what this room has for the others."""
        from portal.organisation import registration

        registration.register_all()
