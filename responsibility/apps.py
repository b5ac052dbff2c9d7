from django.apps import AppConfig


class ResponsibilityConfig(AppConfig):
    """Letters of responsibility, reports and accountability."""

    name = "responsibility"

    def ready(self) -> None:
        """Make duties, notices, jobs, places and sentences known, and follow the floors below."""
        from responsibility import registration

        registration.register_all()
