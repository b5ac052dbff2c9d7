from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, roles over a part of the tree, sign-in."""

    name = "portal.accounts"

    def ready(self) -> None:
        """Register the places of the rail and what the log should hear of sign-ins."""
        from django.utils.translation import gettext_lazy as _

        from portal.accounts import chain_views, entrance, history_subjects, receivers
        from portal.accounts.history import MAY_READ
        from portal.accounts.views import MAY_SEE_GRANTS
        from portal.audit import actions
        from portal.web import jobs
        from portal.web.navigation import Item, register

        receivers.connect()
        history_subjects.register_all()
        jobs.register(chain_views.JOB, jobs.Kind(_("Check the chain of the log"), chain_views.run_check))
        entrance.connect()
        register(
            Item("office", _("Roles"), "accounts:roles", "users", lambda user: user.standing.has(*MAY_SEE_GRANTS), 40),
            Item("office", _("Log"), "accounts:log", "list-details", lambda user: user.standing.has(*MAY_READ), 50),
        )
        actions.register(
            {
                "account.invitation_accepted": _("invitation accepted"),
                "user.signed_in": _("signed in"),
                "user.signed_out": _("signed out"),
                "user.sign_in_failed": _("sign-in failed"),
                "user.password_reset_asked": _("new password asked for"),
                "user.password_changed": _("password changed"),
                "role.granted": _("role granted"),
                "role.revoked": _("role revoked"),
                "role.proposed": _("role proposed"),
                "role.proposal_approved": _("proposed role approved"),
                "role.proposal_declined": _("proposed role declined"),
                "role.proposal_withdrawn": _("proposed role taken back"),
            }
        )
