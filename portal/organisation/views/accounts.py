"""Accounts of a part of the tree: who has one, who came in when, which are closed."""

from typing import Any

import django_filters
import django_tables2
from django import forms
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.accounts.models import User
from portal.organisation import policies
from portal.organisation.services import accounts
from portal.web.dates import moment
from portal.web.i18n import with_note
from portal.web.views import ListPage, VerbView

UNUSED = Q(is_active=True, last_login__isnull=True)
STATES = (("in_use", _("In use")), ("unused", _("Never signed in")), ("closed", pgettext_lazy("account", "Closed")))
CONDITIONS = {"in_use": Q(is_active=True, last_login__isnull=False), "unused": UNUSED, "closed": Q(is_active=False)}


def state_of(user: User) -> str:
    """The word for how an account stands."""
    if not user.is_active:
        return str(pgettext_lazy("account", "Closed"))
    return str(_("In use") if user.last_login else _("Never signed in"))


class AccountFilter(django_filters.FilterSet):
    """By name or user name, and state."""

    q = django_filters.CharFilter(label=_("Name or user name"), method="search")
    state = django_filters.ChoiceFilter(choices=STATES, method="in_state", label=_("State"), empty_label=_("All"))

    def search(self, queryset: Any, name: str, value: str) -> Any:
        """As people look for each other."""
        plain = value.strip()
        return queryset.filter(
            Q(username__icontains=plain)
            | Q(name_zh__contains="".join(plain.split()))
            | Q(name_en__icontains=plain)
            | Q(person__sort_key__startswith="".join(plain.split()).lower())
        )

    def in_state(self, queryset: Any, name: str, value: str) -> Any:
        """One of the states."""
        return queryset.filter(CONDITIONS[value])


class AccountTable(django_tables2.Table):
    """Accounts with their last sign-in; the way to close one or open it again."""

    name = django_tables2.Column(verbose_name=pgettext_lazy("person", "Name"), orderable=False)
    username = django_tables2.Column(verbose_name=_("User name"))
    last_login = django_tables2.Column(verbose_name=_("Last sign-in"), default="")
    state = django_tables2.Column(verbose_name=_("State"), empty_values=(), orderable=False)
    verb = django_tables2.Column(verbose_name="", empty_values=(), orderable=False, exclude_from_export=True)

    def render_last_login(self, value: Any) -> str:
        """With the time."""
        return moment(value)

    def render_state(self, record: User) -> str:
        """In words."""
        return state_of(record)

    value_state = render_state

    def render_verb(self, record: User) -> str:
        """What can be done about it."""
        name = "close-account" if record.is_active else "open-account"
        label = pgettext_lazy("account", "Close") if record.is_active else _("Open again")
        return format_html('<a href="{}">{}</a>', reverse(f"organisation:{name}", args=(record.username,)), label)


class AccountsPage(ListPage):
    """The accounts that a person keeps."""

    model = User
    title = _("Accounts")
    table_class = AccountTable
    filterset_class = AccountFilter
    export_name = "accounts"
    empty = _("Nobody in your part of the tree has an account yet. Invite people, or make an account on a unit's page.")

    def allowed(self, user: User) -> bool:
        """Coordinators and system administrators."""
        return policies.may_edit_units(user)

    def get_queryset(self) -> "QuerySet[Any]":
        """By user name."""
        return accounts.kept_by(self.request.user).order_by("username")


class _SetActive(VerbView):
    """What closing and opening share: whose account, and why."""

    class Form(forms.Form):
        """A reason, for the log."""

        reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    form_class = Form
    back_url = "/accounts/"
    active = True

    @staticmethod
    def policy(user: User, account: User) -> bool:
        """Who edits every part of the tree in which the person holds anything."""
        return policies.may_keep_account(user, account)

    def get_object(self) -> User:
        """One of the accounts that the person keeps."""
        return accounts.kept_by(self.request.user).get(username=self.kwargs["username"])

    def get_lede(self) -> str:
        """Whose."""
        return with_note(self.object.name, self.object.username)

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The accounts."""
        return [(_t("Accounts"), self.back_url)]

    def perform(self, form: forms.Form) -> User:
        """Do it."""
        reason = form.cleaned_data["reason"]
        return accounts.set_active(self.request.user, self.object.pk, active=self.active, reason=reason)

    def get_result_url(self, result: User) -> str:
        """The list, with this account."""
        return f"{self.back_url}?q={result.username}"


class CloseAccount(_SetActive):
    """Close an account."""

    title = _("Close the account")
    purpose = "close-account"
    submit_label = _("Close the account")
    danger = True
    active = False

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [
            _t("The person is signed out everywhere at once and can no longer sign in."),
            _t("Offices stay as they are: end a tenure on the unit's page, revoke a role under Roles."),
            _t("What the person signed, wrote and did keeps the name. The account can be opened again."),
        ]


class OpenAccount(_SetActive):
    """Open a closed account again."""

    title = _("Open the account again")
    purpose = "open-account"
    submit_label = _("Open the account again")

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [
            _t("The person signs in with the same password and second factor as before, with the offices of today.")
        ]
