from typing import TYPE_CHECKING

from django.apps import AppConfig

from portal.accounts.roles import Role

if TYPE_CHECKING:
    from portal.accounts.models import User

CORRECTS = (Role.COORDINATOR, Role.TOP_LEADER, Role.LIAISON)


def _waiting(user: "User") -> int:
    """The corrections that wait for a coordinator's decision."""
    from portal.network.models import Correction

    return Correction.objects.to_decide_by(user).count() if user.standing.has(Role.COORDINATOR) else 0


class NetworkConfig(AppConfig):
    """The prevention network information database: who leads, who is the liaison, whom to call, in every unit."""

    name = "portal.network"

    def ready(self) -> None:
        """Places in the rail, notices, the directory as a job, sentences of the log."""
        from django.utils.translation import gettext_lazy as _

        from portal.audit import actions
        from portal.network import directory_pdf, messages
        from portal.web import jobs
        from portal.web.navigation import Item, register

        messages.register_kinds()
        actions.register(messages.ACTIONS)
        jobs.register(directory_pdf.KIND, jobs.Kind(_("Directory as PDF"), directory_pdf.run))
        register(
            Item("prevention", _("Network"), "network:browse", "hierarchy-2", lambda user: True, 5),
            Item(
                "prevention",
                _("Corrections"),
                "network:corrections",
                "edit",
                lambda user: user.standing.has(*CORRECTS),
                25,
                _waiting,
            ),
        )
