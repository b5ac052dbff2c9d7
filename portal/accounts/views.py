"""Roles given by hand, and what a person prefers."""

from datetime import datetime
from typing import Any

import django_filters
import django_tables2
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from portal.accounts import approval_views, approvals, scopes, services
from portal.accounts.forms import GrantForm, RevokeForm
from portal.accounts.models import Grant, Theme, User
from portal.accounts.places import names_of, places_for
from portal.accounts.proposals import GrantProposal
from portal.accounts.roles import SENSITIVE, Role
from portal.web.dates import full_day
from portal.web.views import ListPage, VerbView
from portal.workdays import clock

MAY_SEE_GRANTS = (Role.SECURITY_ADMIN, Role.AUDITOR)
# So many proposals stand above the list of roles; who has more to decide has other worries.
WAITING_SHOWN = 30
COOKIE_SECONDS = 365 * 24 * 3600


class GrantFilter(django_filters.FilterSet):
    """By role."""

    role = django_filters.ChoiceFilter(choices=Role.choices, label=_("Role"), empty_label=_("All"))


class GrantTable(django_tables2.Table):
    """Who holds what, given by whom."""

    user = django_tables2.Column(verbose_name=_("User"), accessor="user__name", order_by="user__username")
    role = django_tables2.Column(verbose_name=_("Role"), accessor="get_role_display", order_by="role")
    path = django_tables2.Column(verbose_name=_("Part of the tree"), orderable=False)
    reason = django_tables2.Column(verbose_name=_("Reason"))
    granted_at = django_tables2.Column(verbose_name=_("Since"))
    revoke = django_tables2.TemplateColumn(
        template_name="accounts/revoke_link.html", verbose_name="", orderable=False, exclude_from_export=True
    )

    @cached_property
    def place_names(self) -> dict[str, str]:
        """The names of all parts of the tree in the table, read once."""
        return names_of(str(path) for path in self.data.data.values_list("path", flat=True))

    def render_path(self, value: Any) -> str:
        """By name."""
        return self.place_names.get(str(value), str(value))

    value_path = render_path

    def render_granted_at(self, value: datetime) -> str:
        """The day, in words."""
        return full_day(value.astimezone(clock.zone()).date())

    def value_granted_at(self, value: datetime) -> str:
        """As spreadsheets sort it."""
        return value.astimezone(clock.zone()).date().isoformat()


class ReadOnlyGrantTable(GrantTable):
    """The same for those who look on."""

    class Meta:
        exclude = ("revoke",)


class GrantsPage(ListPage):
    """The roles given by hand."""

    title = _("Roles")
    lede = _("Roles given by hand. Top leaders, liaisons and members of leading groups hold theirs by office.")
    model = Grant
    filterset_class = GrantFilter
    export_name = "roles"
    template_name = "accounts/grants.html"

    @property
    def table_class(self) -> type[GrantTable]:  # type: ignore[override]
        """With the verbs, for who may use them."""
        return GrantTable if self.request.user.standing.has(Role.SECURITY_ADMIN) else ReadOnlyGrantTable

    def allowed(self, user: User) -> bool:
        """Security administrators and auditors."""
        return user.standing.has(*MAY_SEE_GRANTS)

    def get_queryset(self) -> QuerySet[Grant]:
        """Grants in the person's part of the tree."""
        seen = scopes.q(self.request.user, "path", MAY_SEE_GRANTS)
        return Grant.objects.in_force().filter(seen).select_related("user")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds whether a role may be granted here, and the roles that wait for a second person."""
        user = self.request.user
        waiting = list(approvals.visible_to(user).waiting().select_related("user", "proposed_by")[:WAITING_SHOWN])
        names = names_of(str(proposal.path) for proposal in waiting)
        for proposal in waiting:
            proposal.described = approval_views.described(proposal, names)  # type: ignore[attr-defined]
        decidable = set(approvals.decidable_by(user).values_list("pk", flat=True)[:WAITING_SHOWN])
        may = user.standing.has(Role.SECURITY_ADMIN)
        return super().get_context_data(may_grant=may, proposals=waiting, decidable=decidable, **kwargs)


def is_security_admin(user: User, _object: object) -> bool:
    """Whether roles are this person's business."""
    return user.standing.has(Role.SECURITY_ADMIN)


class GrantRole(VerbView):
    """Give a role."""

    title = _("Grant a role")
    crumbs = ((_("Roles"), "/roles/"),)
    purpose = "grant-role"
    form_class = GrantForm
    submit_label = _("Grant")
    policy = is_security_admin
    back_url = "/roles/"

    def get_form_kwargs(self) -> dict[str, Any]:
        """Only parts of the tree that the person is responsible for."""
        return super().get_form_kwargs() | {"places": places_for(self.request.user, Role.SECURITY_ADMIN)}

    def get_consequences(self) -> list[str]:
        """Which roles are given at once, and which are not."""
        return [
            _t("The role of staff is given at once."),
            _t("Every other role gives nothing until a second person has approved. That person is told now."),
        ]

    def perform(self, form: GrantForm) -> Grant | GrantProposal:
        """Grant it, or propose it where a second person must approve."""
        typed = form.cleaned_data
        role = Role(typed["role"])
        verb = approvals.propose if role in SENSITIVE else services.grant
        return verb(self.request.user, user=typed["user"], role=role, path=typed["path"], reason=typed["reason"])

    def get_result_url(self, result: Grant | GrantProposal) -> str:
        """The list, or the proposal, which says who is asked."""
        return result.get_absolute_url() if isinstance(result, GrantProposal) else "/roles/"


class RevokeRole(VerbView):
    """End a role."""

    title = _("Revoke the role")
    crumbs = ((_("Roles"), "/roles/"),)
    purpose = "revoke-role"
    form_class = RevokeForm
    submit_label = _("Revoke the role")
    danger = True
    policy = is_security_admin
    back_url = "/roles/"

    def get_object(self) -> Grant:
        """A grant in the person's part of the tree."""
        seen = scopes.q(self.request.user, "path", (Role.SECURITY_ADMIN, Role.AUDITOR))
        return Grant.objects.filter(seen).select_related("user").get(pk=self.kwargs["pk"])

    def get_lede(self) -> str:
        """Which role of whom, where and since when."""
        path = str(self.object.path)
        return _t("%(role)s: %(name)s, over %(place)s, since %(day)s.") % {
            "role": self.object.get_role_display(),
            "name": self.object.user.name,
            "place": names_of([path]).get(path, path),
            "day": full_day(self.object.granted_at.astimezone(clock.zone()).date()),
        }

    def get_consequences(self) -> list[str]:
        """What the person loses, and what stays."""
        names = {"name": self.object.user.name, "role": self.object.get_role_display()}
        return [
            _t("From this moment %(name)s can no longer act as %(role)s there.") % names,
            _t("What was done in this role stays valid and stays in the log."),
            _t("The account and other roles stay. To give the role back, it is granted anew."),
        ]

    def perform(self, form: RevokeForm) -> Grant:
        """End it."""
        return services.revoke(self.request.user, self.object.pk, reason=form.cleaned_data["reason"])

    def get_result_url(self, result: Grant) -> str:
        """The list."""
        return "/roles/"


def _back(request: HttpRequest) -> HttpResponseRedirect:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(target if safe else "/")


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    """Change the language: kept with the person, or in a cookie for who has not signed in."""
    code = request.POST.get("language", "")
    answer = _back(request)
    if check_for_language(code) and code in dict(settings.LANGUAGES):
        answer.set_cookie(settings.LANGUAGE_COOKIE_NAME, code, max_age=COOKIE_SECONDS, samesite="Lax", httponly=True)
        if request.user.is_authenticated:
            services.set_language(request.user, code)
    return answer


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Change the appearance."""
    answer = _back(request)
    if request.POST.get("theme") in Theme.values:
        chosen = Theme(request.POST["theme"])
        answer.set_cookie("theme", chosen.value, max_age=COOKIE_SECONDS, samesite="Lax")
        if request.user.is_authenticated:
            services.set_theme(request.user, chosen)
    return answer
