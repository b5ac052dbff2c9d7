"""What inspectors do: plan, begin, enter what is seen, complete, cancel."""

import secrets
from typing import Any

from django import forms
from django.db.models import Q
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.web.dates import day
from portal.web.forms import VersionForm
from portal.web.i18n import localized
from portal.web.views import VerbView
from portal.workdays import clock
from systems import policies
from systems.forms.common import ReasonForm
from systems.forms.inspections import AnswerForm, CompleteForm, NamedForm, RoundForm
from systems.models import Answer, Inspection, InspectionItem, InspectionRound, Selection
from systems.services import inspections
from systems.services.choosing import Chosen, choose
from systems.services.inspections import RoundDraft
from systems.views.base import UnitVerb
from systems.views.inspections import InspectionMixin

SEED_BELOW = 1_000_000


class PlanRound(VerbView):
    """Plan a round: first the units that would be chosen are shown, with the reason of each."""

    template_name = "systems/plan_round.html"
    title = _("Plan a round of inspections")
    form_class = RoundForm
    purpose = "plan-inspections"
    submit_label = _("Show the units")

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """Coordinators and case officers."""
        return policies.inspects(user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The parts of the tree that the reader sees; a sample that names no seed gets one, and keeps it."""
        kwargs = super().get_form_kwargs() | {"request": self.request}
        if "data" in kwargs and not kwargs["data"].get("seed"):
            kwargs["data"] = kwargs["data"].copy()
            kwargs["data"]["seed"] = str(secrets.randbelow(SEED_BELOW))
        return kwargs

    def get_back_url(self) -> str:
        """The inspections."""
        return reverse("systems:inspections")

    def get_result_url(self, result: InspectionRound) -> str:
        """The inspections."""
        return reverse("systems:inspections")

    def form_valid(self, form: Any) -> HttpResponse:
        """Plan what was shown; show it first, and again where another choice would be made by now."""
        chosen = self._chosen(form)
        codes = ",".join(one.unit.code for one in chosen)
        if self.request.POST.get("units") != codes or not chosen:
            sentence = "" if chosen else _t("No unit of this choice is left to inspect. Choose another part or type.")
            if sentence:
                form.add_error(None, sentence)
            extra = {"chosen": chosen, "codes": codes, "submit_label": _t("Plan these inspections")}
            return self.render_to_response(self.get_context_data(form=form) | extra)
        return super().form_valid(form)

    def _chosen(self, form: Any) -> list[Chosen]:
        typed = form.cleaned_data
        return choose(
            self.request.user,
            Selection(typed["selection"]),
            path=str(typed["part"].path),
            size=typed["size"],
            seed=typed["seed"] or 0,
            type_ids=[kind.pk for kind in typed["types"]],
        )

    def perform(self, form: Any) -> InspectionRound:
        """Plan them."""
        typed = form.cleaned_data
        draft = RoundDraft(
            typed["title"],
            Selection(typed["selection"]),
            tuple(typed["categories"]),
            str(typed["part"].path),
            typed["planned_on"],
            typed["seed"] or 0,
        )
        return inspections.plan(self.request.user, draft, self._chosen(form))


class PlanInspection(UnitVerb):
    """Plan an inspection of one unit."""

    title = _("Plan an inspection")
    form_class: type[forms.Form] = NamedForm
    purpose = "plan-inspection"
    submit_label = _("Plan it")

    @staticmethod
    def policy(user: User, unit: Any) -> bool:
        """Who inspects there."""
        return policies.may_inspect(user, unit)

    def get_initial(self) -> dict[str, Any]:
        """Today."""
        return {"planned_on": clock.today()}

    def perform(self, form: Any) -> Any:
        """Plan it."""
        typed = form.cleaned_data
        draft = RoundDraft(
            typed["reason"],
            Selection.NAMED,
            tuple(typed["categories"]),
            str(self.object.path),
            typed["planned_on"],
        )
        return inspections.plan(self.request.user, draft, [Chosen(self.object, typed["reason"])]).inspections.get()


class InspectionVerb(InspectionMixin, VerbView):
    """A verb about an inspection, for who carries it out."""

    @staticmethod
    def policy(user: User, inspection: Inspection) -> bool:
        """Who inspects the unit."""
        return policies.may_carry_out(user, inspection)

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}

    def get_result_url(self, result: Any) -> str:
        """The inspection."""
        return self.object.get_absolute_url()


class BeginInspection(InspectionVerb):
    """Begin."""

    title = _("Begin the inspection")
    form_class: Any = VersionForm
    purpose = "begin-inspection"
    submit_label = _("Begin")

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [
            _t("The checklist is taken from the catalogue of today and stays as it is taken. You lead the inspection.")
        ]

    def perform(self, form: Any) -> Inspection:
        """Begin."""
        return inspections.begin(self.request.user, self.object.pk, expected_version=form.cleaned_data["version"])


class AnswerItem(InspectionVerb):
    """Enter what was seen at an item; the next one follows."""

    template_name = "systems/inspection_item.html"
    title = _("What was seen")
    form_class = AnswerForm
    purpose = "answer-inspection-item"
    submit_label = _("Keep it, next item")

    def item(self) -> InspectionItem:
        """The item that the address names. Raises DoesNotExist."""
        return self.object.items.select_related("requirement__system").get(position=self.kwargs["position"])

    def get_title(self) -> str:
        """The item itself."""
        return localized(self.item(), "text")

    def get_lede(self) -> str:
        """Of which system, at which place."""
        item = self.item()
        words = {"number": item.position, "count": self.object.items.count(), "system": item.requirement.system.name}
        return _t("%(system)s · item %(number)s of %(count)s") % words

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The inspection."""
        return [*super().get_crumbs(), (str(self.object), self.object.get_absolute_url())]

    def get_initial(self) -> dict[str, Any]:
        """What was entered already."""
        item = self.item()
        return {"seen": item.answer, "answer": item.answer, "remark": item.remark}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the item with its findings, and how far it is."""
        answered = self.object.items.exclude(answer="").count()
        total = self.object.items.count()
        item = self.item()
        return super().get_context_data(
            item=item, findings=item.findings.all(), answered=answered, total=total, **kwargs
        )

    def perform(self, form: AnswerForm) -> InspectionItem:
        """Keep it."""
        typed = form.cleaned_data
        return inspections.answer(
            self.request.user,
            self.object.pk,
            self.kwargs["position"],
            seen=typed["seen"],
            given=Answer(typed["answer"]),
            remark=typed["remark"],
        )

    def get_result_url(self, result: InspectionItem) -> str:
        """To the finding, where one is needed; else to the next item without an answer; else to the inspection."""
        year, serial = self.object.year, self.object.serial
        if result.answer == Answer.NOT_MET and not result.findings.exists():
            return reverse("systems:inspection-finding", args=(year, serial, result.position))
        after = Q(position__gt=result.position)
        following = self.object.items.filter(after, answer="").first()
        if following is None:
            return self.object.get_absolute_url()
        return reverse("systems:inspection-item", args=(year, serial, following.position))


class CompleteInspection(InspectionVerb):
    """Complete."""

    title = _("Complete the inspection")
    form_class = CompleteForm
    purpose = "complete-inspection"
    submit_label = _("Complete it")

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [_t("Nothing more is entered. The unit's leader and liaison are told, and put right what was found.")]

    def perform(self, form: CompleteForm) -> Inspection:
        """Complete it."""
        typed = form.cleaned_data
        return inspections.complete(
            self.request.user, self.object.pk, expected_version=typed["version"], summary=typed["summary"]
        )


class CancelInspection(InspectionVerb):
    """Cancel."""

    title = _("Cancel the inspection")
    form_class = ReasonForm
    purpose = "cancel-inspection"
    submit_label = _("Cancel it")
    danger = True

    def get_consequences(self) -> list[str]:
        """What follows."""
        text = _t("Planned on %(day)s. Findings that were recorded stay, with their rectification.")
        return [text % {"day": day(self.object.planned_on)}]

    def perform(self, form: ReasonForm) -> Inspection:
        """Cancel it."""
        typed = form.cleaned_data
        return inspections.cancel(
            self.request.user, self.object.pk, expected_version=typed["version"], reason=typed["reason"]
        )
