from django.apps import AppConfig


class ObligationsConfig(AppConfig):
    """Who owes what by when, the ladder and its clock."""

    name = "portal.obligations"

    def ready(self) -> None:
        """Make the engine's notices known, and follow changes of who holds a top post."""
        from portal.obligations import messages, receivers

        messages.register_kinds()
        receivers.connect()
