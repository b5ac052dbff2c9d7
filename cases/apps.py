from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Punishment cases, clues, exposure and recommendations."""

    name = "cases"

    def ready(self) -> None:
        """Make duties, notices, jobs, places and sentences known."""
        from cases import registration

        registration.register_all()
