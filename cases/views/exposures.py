"""The pages of exposure for the office, with every mask shown."""

from typing import Any

import django_filters
import django_tables2
from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cases import policies
from cases.crime_forms import long_text
from cases.models import CrimeCase, Exposure, ExposureState
from cases.redaction import Mask
from cases.services import exposures
from cases.views.base import RoomMixin
from cases.views.crime import CaseMixin
from portal.accounts.models import User
from portal.organisation.models import Rank, Sector
from portal.web.forms import ReasonForm, VersionForm
from portal.web.views import ListPage, ObjectPage, Text, VerbView

ROOM = "cases:exposures"


class ExposureFilter(django_filters.FilterSet):
    """Exposures by state and sector."""

    state = django_filters.ChoiceFilter(choices=ExposureState.choices, label=_("State"), empty_label=_("All"))
    sector = django_filters.ModelChoiceFilter(queryset=Sector.objects.all(), label=_("Sector"), empty_label=_("All"))

    class Meta:
        model = Exposure
        fields = ()


class ExposureTable(django_tables2.Table):
    """Exposures, the newest first."""

    title = django_tables2.Column(verbose_name=_("Title"))
    case = django_tables2.Column(accessor="case__number", verbose_name=_("Case"), orderable=False)
    sector = django_tables2.Column(accessor="sector__name", verbose_name=_("Sector"), orderable=False)
    rank = django_tables2.Column(accessor="rank__name", verbose_name=_("Rank class"), orderable=False)
    state = django_tables2.Column(verbose_name=_("State"))

    class Meta:
        model = Exposure
        fields = ("title", "case", "sector", "rank", "state")

    def render_title(self, value: str, record: Exposure) -> str:
        """Leads to it."""
        return format_html('<a href="{}">{}</a>', record.get_absolute_url(), value)

    def value_title(self, value: str) -> str:
        """The title, in a file."""
        return value


class ExposureList(RoomMixin, ListPage):
    """What was prepared and published."""

    title = _("Exposure")
    lede = _("What the public may know of concluded cases. A second person releases it.")
    model = Exposure
    table_class, filterset_class = ExposureTable, ExposureFilter
    template_name = "cases/clues.html"
    export_name = "exposures"
    room = ROOM
    empty = _("Nothing has been prepared yet. Begin on the page of a case.")

    def get_queryset(self) -> Any:
        """With what a row shows."""
        return super().get_queryset().select_related("case", "sector", "rank")


class ExposureMixin(RoomMixin):
    """A page about an exposure."""

    room = ROOM
    object: Exposure
    kwargs: dict[str, Any]

    def get_object(self) -> Exposure:
        """One that the person may see."""
        seen = Exposure.objects.visible_to(self.request.user)
        return seen.select_related("case__unit", "case__office", "sector", "rank", "drafted_by").get(
            pk=self.kwargs["pk"]
        )

    def get_crumbs(self) -> list[tuple[Text, str]]:
        """The list."""
        return [(_("Exposure"), reverse("cases:exposures"))]


class ExposurePage(ExposureMixin, ObjectPage):
    """An exposure with every mask shown beside what the public reads."""

    template_name = "cases/exposure.html"

    def get_title(self) -> Text:
        """Its title."""
        return self.object.title

    def get_lede(self) -> Text:
        """Case and state."""
        return f"{self.object.case.number} · {self.object.get_state_display()}"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the pieces of the text, and what may be done."""
        found, user = self.object, self.request.user
        is_draft = found.state == ExposureState.DRAFT
        works = policies.may_work_at(user, str(found.case.office.path))
        releases = list(found.releases.select_related("user"))
        return super().get_context_data(
            exposure=found,
            pieces=pieces(found),
            count=len(found.masks),
            releases=releases,
            is_effective=exposures.is_effective(found.case),
            may_mend=is_draft and works and not releases,
            may_release=is_draft
            and policies.may_release(user, found)
            and found.drafted_by_id != user.pk
            and user.pk not in [each.user_id for each in releases],
            may_withdraw=found.state != ExposureState.WITHDRAWN and works,
            **kwargs,
        )


def pieces(found: Exposure) -> list[tuple[str, str]]:
    """The text with names, in pieces, each with what stands there instead."""
    done, at = [], 0
    for mask in (Mask(*each) for each in found.masks):
        done += [(found.text[at : mask.start], ""), (mask.text, mask.instead)]
        at = mask.end
    return [piece for piece in [*done, (found.text[at:], "")] if piece[0]]


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class MaskForm(forms.Form):
    """A text, what is masked besides what the rules find, and what is not."""

    text = long_text(_("Text with names"), 10, help_text=_("The names of the persons of the case are masked anyway."))
    more = long_text(_("Mask these too"), 3, required=False, help_text=_("One a line, as it stands in the text."))
    fewer = long_text(_("Do not mask these"), 3, required=False, help_text=_("One a line."))
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class PrepareForm(MaskForm):
    """What is published of a case, for whom it is a lesson."""

    title = forms.CharField(label=_("Title"), max_length=200)
    lesson = long_text(_("What is to be learned"), 4, required=False)
    sector = forms.ModelChoiceField(Sector.objects.all(), label=_("Sector"), empty_label=None)
    rank = forms.ModelChoiceField(Rank.objects.all(), label=_("Rank class"), empty_label=None)
    field_order = ("title", "text", "more", "fewer", "lesson", "sector", "rank")


class Prepare(CaseMixin, VerbView):
    """Prepare the exposure of a case."""

    title = _("Prepare an exposure")
    form_class = PrepareForm
    purpose = "prepare-exposure"
    submit_label = _("Show the masks")

    @staticmethod
    def policy(user: User, case: CrimeCase) -> bool:
        """Who works on cases there."""
        return policies.may_work_at(user, str(case.office.path))

    def get_initial(self) -> dict[str, Any]:
        """What the case says, its sector and the highest rank concerned."""
        case = self.object
        first = case.suspects.order_by("rank__order").first()
        said = {"title": case.title, "text": case.means, "sector": case.unit.sector_id}
        return said | {"rank": first.rank_id if first else None}

    def perform(self, form: PrepareForm) -> Exposure:
        """Prepare it."""
        typed = dict(form.cleaned_data)
        typed.pop("version")
        more, fewer = _lines(typed.pop("more")), _lines(typed.pop("fewer"))
        return exposures.prepare(self.request.user, self.object.pk, more=more, fewer=fewer, **typed)


class ExposureVerb(ExposureMixin, VerbView):
    """A verb about an exposure, of who works on its case."""

    form_class: Any = VersionForm

    @staticmethod
    def policy(user: User, found: Exposure) -> bool:
        """Who works on cases there."""
        return policies.may_work_at(user, str(found.case.office.path))

    def get_lede(self) -> Text:
        """Which."""
        return self.object.title

    def get_initial(self) -> dict[str, Any]:
        """The version shown."""
        return {"version": self.object.version}


class MendMasks(ExposureVerb):
    """Change the text or its masks."""

    title = _("Mend text and masks")
    form_class = MaskForm
    purpose = "mend-masks"
    submit_label = _("Show the masks")

    def get_initial(self) -> dict[str, Any]:
        """The text."""
        return {"text": self.object.text, "version": self.object.version}

    def perform(self, form: MaskForm) -> Exposure:
        """Mend it."""
        typed = form.cleaned_data
        return exposures.mend_masks(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"] or 0,
            text=typed["text"],
            more=_lines(typed["more"]),
            fewer=_lines(typed["fewer"]),
        )


class ReleaseExposure(ExposureVerb):
    """Release a draft of somebody else's."""

    title = _("Release for the public")
    purpose = "release-exposure"
    submit_label = _("Release it")

    @staticmethod
    def policy(user: User, found: Exposure) -> bool:
        """Heads and coordinators over the unit."""
        return policies.may_release(user, found)

    def get_consequences(self) -> list[Text]:
        """Everybody reads it."""
        said = [_t("Everybody can read it on the public page, and lessons are made of it.")]
        if not exposures.is_effective(self.object.case):
            said.append(_t("The judgment is not effective: coordinator and head must both release it."))
        return [*said, _t("You have read every line: rules find most names, not all.")]

    def perform(self, form: Any) -> Exposure:
        """Release it."""
        version = form.cleaned_data["version"]
        return exposures.release(self.request.user, self.object.pk, expected_version=version)


class WithdrawExposure(ExposureVerb):
    """Take it back."""

    title = _("Withdraw the exposure")
    form_class = ReasonForm
    purpose = "withdraw-exposure"
    submit_label = _("Withdraw the exposure")
    danger = True

    def perform(self, form: Any) -> Exposure:
        """Withdraw it."""
        typed = form.cleaned_data
        return exposures.withdraw(
            self.request.user, self.object.pk, expected_version=typed["version"], reason=typed["reason"]
        )
