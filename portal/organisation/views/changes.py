"""Changing a unit: which change, its guided page, its record, withdrawing what is planned."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.organisation import policies, touched
from portal.organisation.change_errors import DecisionMissing
from portal.organisation.change_forms import FORMS, LIKELY
from portal.organisation.change_models import ChangeKind, ChangeState, UnitChange
from portal.organisation.change_wording import name_then, planned_for, sentence
from portal.organisation.models import Unit
from portal.organisation.review_forms import CodeForm, DecisionsForm, WithdrawForm
from portal.organisation.services import changes
from portal.organisation.touched import Group
from portal.organisation.views.base import UnitVerb
from portal.organisation.views.guided import CONFIRM, REVIEW, VALUES, Guided
from portal.web.dates import full_day
from portal.web.errors import NotAllowed, PortalError
from portal.web.i18n import titled
from portal.web.views import ObjectPage
from portal.workdays import clock

LIKELY_MAX = 80
# What each change is called on its pages, and what it is for.
WORDS = {
    ChangeKind.RENAME: (
        _("Rename the unit"),
        _("It gets another name. Old documents keep the old one, and it is still found."),
    ),
    ChangeKind.MOVE: (
        _("Move the unit in the tree"),
        _("It gets another unit above it and takes along all that lies below."),
    ),
    ChangeKind.MERGE: (_("Merge the unit"), _("It ends, alone or with others, and an existing or a new unit goes on.")),
    ChangeKind.SPLIT: (_("Split the unit"), _("New units are made beside it; it goes on or ends.")),
    ChangeKind.DISSOLVE: (_("Dissolve the unit"), _("It ends, and nobody goes on in its place.")),
}


class CodeDiffers(PortalError):
    code = "code-differs"
    message = _("What you typed is not the code of this unit.")


def unit_to_change(user: User, code: str) -> Unit:
    """The unit, if the person may see it. Raises DoesNotExist."""
    return Unit.objects.visible_to(user).select_related("parent").get(code=code)


class ChangeIndex(ObjectPage):
    """Which change."""

    template_name = "organisation/change_index.html"
    title = _("Change the unit")

    def get_object(self) -> Unit:
        """The unit that the address names. Raises NotAllowed for who may not change it."""
        unit = unit_to_change(self.request.user, self.kwargs["code"])
        if not policies.may_change(self.request.user, unit):
            raise NotAllowed
        return unit

    def get_lede(self) -> str:
        """Which unit."""
        return str(self.object.name)

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The unit."""
        return [(_t("Units"), "/units/"), (self.object.name, self.object.get_absolute_url())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the changes that a unit at this place can undergo, and what is planned already."""
        unit = self.object
        kinds = [ChangeKind.RENAME, ChangeKind.DISSOLVE] if unit.parent_id is None else list(ChangeKind)
        rows = [(reverse("organisation:change-unit", args=(unit.code, kind.value)), *WORDS[kind]) for kind in kinds]
        return super().get_context_data(planned=planned_for(unit), kinds=[] if unit.dissolved_on else rows, **kwargs)


class ChangeUnit(Guided):
    """A change of one kind, in three pages: what and when, what it touches, what is confirmed."""

    template_name = "organisation/change.html"
    purpose = "change-unit"
    steps: ClassVar = ((VALUES, _("What changes, and when")), (REVIEW, _("What it touches")), (CONFIRM, _("Confirm")))

    @staticmethod
    def policy(user: User, unit: Unit) -> bool:
        """Who coordinates the unit above."""
        return policies.may_change(user, unit)

    def get_object(self) -> Unit:
        """The unit; 404 for a kind of change that there is not."""
        if self.kwargs["kind"] not in FORMS:
            raise Http404
        return unit_to_change(self.request.user, self.kwargs["code"])

    @property
    def kind(self) -> ChangeKind:
        """Which change."""
        return ChangeKind(self.kwargs["kind"])

    def get_title(self) -> str:
        """What is done."""
        return str(WORDS[self.kind][0])

    def get_form_class(self) -> Any:
        """The form of the kind."""
        return FORMS[self.kind]

    def get_form_kwargs(self) -> dict[str, Any]:
        """Who asks, and about which unit."""
        return super().get_form_kwargs() | {"by": self.request.user, "unit": self.get_unit()}

    def look(self, form: Any) -> list[Group]:
        """Refuse what cannot be; then everything touched."""
        self.change = form.as_change({})
        units = changes.check(self.request.user, self.change)
        return touched.groups_for(self.change.scope(units), self.request.user)

    @property
    def decisions(self) -> DecisionsForm:
        """The choices, as far as they were made."""
        data = self.request.POST if self._decided else None
        return DecisionsForm(data, groups=self.groups)

    @property
    def _decided(self) -> bool:
        return any(name.startswith("decide-") for name in self.request.POST) or self.request.POST.get("next") != REVIEW

    def may_go_on(self, form: Any) -> bool:
        """Whether everything that is to be decided was."""
        return self.decisions.is_valid()

    @property
    def code_form(self) -> CodeForm | None:
        """The unit's code, typed again, where it ends."""
        if self.stage != CONFIRM or not self.change.ended_ids():
            return None
        return CodeForm(self.request.POST if "confirm_code" in self.request.POST else None, unit=self.get_unit())

    def perform(self, form: Any) -> UnitChange:
        """Decide it, if what is confirmed is what was shown and decided."""
        self.require_seen(form)
        decided = self.decisions
        if not decided.is_valid():
            self.stage = REVIEW
            raise DecisionMissing
        self.stage = CONFIRM
        code_form = self.code_form
        if code_form is not None and not code_form.is_valid():
            raise CodeDiffers
        return changes.decide(self.request.user, form.as_change(decided.decisions()))

    def get_result_url(self, result: UnitChange) -> str:
        """Its record."""
        return result.get_absolute_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the choices, the units at hand, and on the last page what will happen."""
        context = super().get_context_data(**kwargs)
        if self.stage == VALUES:
            return context | {"likely": self._likely(), "likely_id": LIKELY, "blocks": list(context["form"].blocks())}
        decisions = self.decisions
        named = {group.code: DecisionsForm.name_of(group) for group in decisions.groups}
        later = self.change.effective_on > clock.today()
        return context | {
            "decisions": decisions,
            "touched": [
                (group, decisions[named[group.code]] if group.code in named else None) for group in self.groups
            ],
            "decided": [decisions[name].as_hidden() for name in named.values()] if self.stage == CONFIRM else [],
            "will_happen": self._will_happen(decisions) if self.stage == CONFIRM else [],
            "code_form": self.code_form,
            "danger": not later,
            "submit_label": _("Plan the change") if later else WORDS[self.kind][0],
        }

    def _likely(self) -> "QuerySet[Unit]":
        """Units beside it and one above these: those that a change mostly names."""
        unit = self.get_unit()
        near = Unit.objects.visible_to(self.request.user).active().exclude(pk=unit.pk)
        top = unit.parent.parent_id if unit.parent and unit.parent.parent_id else unit.parent_id
        return near.filter(parent__in=[pk for pk in (unit.parent_id, top) if pk]).order_by("path")[:LIKELY_MAX]

    def _will_happen(self, decisions: DecisionsForm) -> list[str]:
        """When, and what becomes of each group."""
        day = {"day": full_day(self.change.effective_on)}
        if self.change.effective_on > clock.today():
            when = _t(
                "It is planned for %(day)s and performed by itself early on that day. Until then it may be withdrawn."
            )
        else:
            when = _t("It takes effect from %(day)s, at once. This cannot be undone.")
        chosen = decisions.decisions() if decisions.is_valid() else {}
        labels = {(g.code, c.value): c.label for g in self.groups for c in g.choices}
        what = [
            titled(
                _t("%(title)s (%(count)s)") % {"title": g.title, "count": g.count},
                labels.get((g.code, chosen.get(g.code, "")), g.remark),
            )
            for g in self.groups
        ]
        return [when % day, *what]


class ChangeRecord(ObjectPage):
    """What was decided about a unit, when, by whom, and what came of it."""

    template_name = "organisation/change_record.html"

    def get_object(self) -> UnitChange:
        """In a unit that the person may see, or in which such a unit has a part."""
        seen = UnitChange.objects.visible_to(self.request.user).select_related(
            "unit__parent", "decided_by", "withdrawn_by"
        )
        return seen.prefetch_related("parts__unit").get(pk=self.kwargs["pk"], unit__code=self.kwargs["code"])

    def get_title(self) -> str:
        """The unit, by the name it had, and what became of it."""
        return titled(name_then(self.object), sentence(self.object))

    def get_lede(self) -> str:
        """Where it stands."""
        day = {"day": full_day(self.object.effective_on)}
        match self.object.state:
            case ChangeState.PLANNED:
                return _t("Planned for %(day)s.") % day
            case ChangeState.WITHDRAWN:
                return _t("Was planned for %(day)s and has been withdrawn.") % day
        return _t("In effect from %(day)s.") % day

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The unit."""
        return [(_t("Units"), "/units/"), (self.object.unit.name, self.object.unit.get_absolute_url())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the other units, what followed, and whether it may be withdrawn."""
        change, user = self.object, self.request.user
        seen = set(Unit.objects.visible_to(user).filter(change_parts__change=change).values_list("pk", flat=True))
        may_withdraw = change.state == ChangeState.PLANNED and policies.may_change(user, change.unit)
        parts = [(part, part.unit_id in seen) for part in change.parts.all()]
        outcome = touched.in_words(change.outcome)
        return super().get_context_data(
            change=change, parts=parts, outcome=outcome, may_withdraw=may_withdraw, **kwargs
        )


class WithdrawChange(UnitVerb):
    """Withdraw a planned change."""

    title = _("Withdraw the planned change")
    form_class = WithdrawForm
    purpose = "withdraw-change"
    submit_label = _("Withdraw the change")
    danger = True
    object: UnitChange

    @staticmethod
    def policy(user: User, change: UnitChange) -> bool:
        """Who coordinates the unit above."""
        return policies.may_change(user, change.unit)

    def get_object(self) -> UnitChange:
        """Of a unit that the person may see."""
        seen = UnitChange.objects.visible_to(self.request.user).select_related("unit__parent")
        return seen.get(pk=self.kwargs["pk"], unit__code=self.kwargs["code"])

    def get_unit(self) -> Unit:
        """The unit of the change."""
        return self.object.unit

    def get_back_url(self) -> str:
        """Its record."""
        return self.object.get_absolute_url()

    def get_lede(self) -> str:
        """Which."""
        return titled(self.object.unit.name, sentence(self.object))

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}

    def get_consequences(self) -> list[str]:
        """Nothing happens."""
        return [_t("Nothing happens on that day. The record stays, with your reason.")]

    def perform(self, form: WithdrawForm) -> UnitChange:
        """Withdraw it."""
        typed = form.cleaned_data
        return changes.withdraw(
            self.request.user, self.object.pk, expected_version=typed["version"], reason=typed["reason"]
        )
