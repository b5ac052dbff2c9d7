from django.apps import AppConfig


class SystemsConfig(AppConfig):
    """The register of institutional systems: what must be there, what is there, whether it is lived."""

    name = "systems"

    def ready(self) -> None:
        """Make duties, notices, places and sentences known, and follow changes of units."""
        from systems import registration

        registration.register_all()
