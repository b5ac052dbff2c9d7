"""The first page of the system and the security administrator: what is theirs to keep, and how it fares."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts import approvals, scopes
from portal.accounts.models import Grant, User
from portal.accounts.roles import Role
from portal.dashboard import providers
from portal.obligations.models import ClockRun
from portal.organisation.models import Person, Unit
from portal.web.dates import moment
from portal.web.views import PageMixin, TemplateView

KEEPERS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})


class Task(NamedTuple):
    """Something that an office keeps: how it fares, and where it is kept."""

    title: str
    text: str
    url: str
    verb: str


def is_for(user: User) -> bool:
    """Whether a person administers, and does nothing else here."""
    return bool(user.standing.roles) and user.standing.roles <= KEEPERS


def _system(user: User) -> Iterator[Task]:
    """Master data, imports, messages, the clock."""
    units = Unit.objects.visible_to(user).active().count()
    without = Person.objects.visible_to(user).filter(user__isnull=True).count()
    text = ngettext("%(count)s unit in your part of the tree.", "%(count)s units in your part of the tree.", units)
    yield Task(_t("Units and posts"), text % {"count": units}, reverse("organisation:units"), _t("Open the units"))
    text = ngettext(
        "%(count)s person has no account. Accounts are made in the file of the unit.",
        "%(count)s persons have no account. Accounts are made in the file of the unit.",
        without,
    )
    text = text % {"count": without} if without else _t("Every person has an account.")
    yield Task(_t("Accounts"), text, reverse("organisation:accounts"), _t("Open the accounts"))
    text = _t("Units, posts and persons out of a file, checked before anything is written.")
    yield Task(_t("Imports"), text, reverse("organisation:import"), _t("Import"))
    failed = providers.failed_messages(user)
    text = ngettext("%(count)s message did not arrive.", "%(count)s messages did not arrive.", failed)
    text = text % {"count": failed} if failed else _t("Every message arrived or is on its way.")
    yield Task(_t("Outbox"), text, reverse("notices:outbox"), _t("Open the outbox"))
    last = ClockRun.objects.order_by("-pk").first()
    ran = last is not None and last.finished_at is not None
    text = _t("It ran last on %(at)s.") % {"at": moment(last.finished_at)} if ran else _t("The clock has not run yet.")  # type: ignore[union-attr]
    yield Task(_t("Clock"), text, reverse("obligations:clock"), _t("Look at the clock"))


def _security(user: User) -> Iterator[Task]:
    """Roles, what waits for a second person, the log."""
    waiting = approvals.decidable_by(user).count()
    text = ngettext(
        "%(count)s role waits for you as the second person.",
        "%(count)s roles wait for you as the second person.",
        waiting,
    )
    granted = Grant.objects.in_force().filter(scopes.q(user, "path", (Role.SECURITY_ADMIN,))).count()
    held = ngettext("%(count)s role is given by hand.", "%(count)s roles are given by hand.", granted)
    text = text % {"count": waiting} if waiting else held % {"count": granted}
    yield Task(_t("Roles"), text, reverse("accounts:roles"), _t("Open the roles"))
    text = _t("Who did what, when, from where, in your part of the tree.")
    yield Task(_t("Log"), text, reverse("accounts:log"), _t("Read the log"))


class AdministrationPage(PageMixin, TemplateView):
    """What is kept here, one line each, with how it fares."""

    template_name = "dashboard/administration.html"
    title = _("Administration")

    def allowed(self, user: User) -> bool:
        """System and security administrators."""
        return user.standing.has(*KEEPERS)

    def get_lede(self) -> str:
        """Which office this is, and what it does not see."""
        if self.request.user.standing.is_kept_from_content:
            return _t("You keep accounts, master data and messages. Letters, reports, duties and cases are not shown.")
        return _t("You give roles and take them back, and read the log.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the tasks of the offices held."""
        user, tasks = self.request.user, list[Task]()
        if user.standing.has(Role.SYSTEM_ADMIN):
            tasks += _system(user)
        if user.standing.has(Role.SECURITY_ADMIN):
            tasks += _security(user)
        own = _t("Where you are signed in, and signing out of there.")
        tasks.append(Task(_t("Your sessions"), own, reverse("usersessions_list"), _t("Open the sessions")))
        return super().get_context_data(tasks=tasks, **kwargs)
