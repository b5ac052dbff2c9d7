from django.apps import AppConfig


class DemoConfig(AppConfig):
    """The living demo district."""

    name = "portal.demo"

    def ready(self) -> None:
        """The portal follows the demo's clock; its page stands in the rail for everybody."""
        from django.utils.translation import gettext_lazy as _

        from portal.demo import clock
        from portal.web.navigation import Item, register

        clock.install()
        register(
            Item("office", _("Demo: the clock"), "demo:clock", "clock", lambda user: True, 90),
            Item("office", _("Demo: mail"), "notices:mail", "mail", lambda user: True, 91),
        )
