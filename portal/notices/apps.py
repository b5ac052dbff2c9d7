from django.apps import AppConfig


class NoticesConfig(AppConfig):
    """Inbox and outbound e-mail, kept as proof of notice."""

    name = "portal.notices"

    def ready(self) -> None:
        """The mast's figure, the outbox in the rail, sentences of the log."""
        from django.utils.translation import gettext_lazy as _

        from portal.accounts import mail
        from portal.audit import actions
        from portal.notices import log_receivers, receivers, role_receivers, services
        from portal.notices.views import SEES_OUTBOX
        from portal.web.navigation import Item, register, register_counter

        mail.register_sender(services.mail)
        receivers.connect()
        role_receivers.connect()
        log_receivers.connect()
        register_counter("unread", services.unread_count)
        register(
            Item("office", _("Outbox"), "notices:outbox", "mail", lambda user: user.standing.has(*SEES_OUTBOX), 30)
        )
        actions.register({"message.sent_again": _("message sent again")})
