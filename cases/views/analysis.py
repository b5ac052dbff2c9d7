"""The page of timeliness and detection."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from cases import detection, measures
from cases.models import Clue, CrimeCase, Offence, Source, Stage
from cases.services import crime
from cases.views.base import RoomMixin
from cases.views.crime_verbs import CaseVerb
from portal.organisation.models import Rank
from portal.web.views import TemplateView, Text
from portal.workdays import clock

AGES: dict[str, Text] = {
    "under-90": _("under 90 days"),
    "90-180": _("90 to 180 days"),
    "180-365": _("180 days to a year"),
    "over-365": _("over a year"),
}


SPANS = {f"{start}-{end}": (start, end) for start, end in measures.SPANS}
# What is compared unless something else is asked: whoever reports, audits or inspects does not know of the others.
INDEPENDENT = (Source.REPORT, Source.AUDIT, Source.INSPECTION)


def _span_choices() -> list[tuple[str, str]]:
    return [(code, f"{Stage(start).label} – {Stage(end).label}") for code, (start, end) in SPANS.items()]


class AnalysisForm(forms.Form):
    """What the figures are narrowed to, whose trend is shown, and which sources are compared."""

    offence = forms.ModelChoiceField(Offence.objects.all(), label=_("Offence"), required=False, empty_label=_("All"))
    rank = forms.ModelChoiceField(Rank.objects.all(), label=_("Rank at the time"), required=False, empty_label=_("All"))
    span = forms.ChoiceField(label=_("Trend of"), choices=_span_choices, required=False)
    sources = forms.MultipleChoiceField(
        label=_("Sources compared"), choices=Source.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    def clean_sources(self) -> list[str]:
        """At most five: more have more combinations than a district has cases."""
        chosen: list[str] = self.cleaned_data["sources"]
        if len(chosen) > detection.SOURCES_MAX:
            raise forms.ValidationError(_("Compare at most five sources."))
        return chosen


class Analysis(RoomMixin, TemplateView):
    """How long cases take, how old open ones are, who finds them, and how many nobody finds."""

    template_name = "cases/analysis.html"
    title = _("Timeliness and detection")
    room = "cases:analysis"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the figures."""
        asked = self.request.GET.copy()
        asked.setdefault("span", f"{Stage.FILED}-{Stage.EFFECTIVE}")
        if "sources" not in asked:
            asked.setlist("sources", [str(source) for source in INDEPENDENT])
        form = AnalysisForm(asked)
        typed = form.cleaned_data if form.is_valid() else {}
        cases = self._narrowed(typed)
        clues = Clue.objects.visible_to(self.request.user)
        start, end = SPANS.get(typed.get("span", ""), (Stage.FILED, Stage.EFFECTIVE))
        stages, names = dict(Stage.choices), dict(Source.choices)
        ranks: dict[Any, Text] = {None: _("not known"), **{rank.pk: rank.name for rank in Rank.objects.all()}}
        return super().get_context_data(
            form=form,
            spans=[(stages[s.start], stages[s.end], s) for s in measures.spans(cases)],
            trend=measures.trend(cases, start, end),
            trend_of=(stages[start], stages[end]),
            ages=[(AGES[name], n) for name, n in measures.ages(cases, clock.today()).items()],
            sources=[(names[source], n) for source, n in measures.by_source(cases)],
            clues=measures.clues_in_time(clues),
            clues_by_rank=[(ranks[rank], kept) for rank, kept in measures.clues_by_rank(clues)],
            **_dark(cases, typed.get("sources", [])),
            **kwargs,
        )

    def _narrowed(self, typed: dict[str, Any]) -> Any:
        cases = CrimeCase.objects.visible_to(self.request.user)
        if typed.get("offence"):
            cases = cases.filter(pk__in=CrimeCase.objects.filter(charges__law__offence=typed["offence"]).values("pk"))
        if typed.get("rank"):
            cases = cases.filter(pk__in=CrimeCase.objects.filter(suspects__rank=typed["rank"]).values("pk"))
        return cases


def _dark(cases: Any, sources: list[str]) -> dict[str, Any]:
    """What the sources share, and the estimate that follows from it."""
    names: dict[str, Any] = dict(Source.choices)
    estimate = measures.dark_figure(cases, sources)
    shared = measures.found_by(cases, sources)
    rows = sorted(shared.items(), key=lambda row: (len(row[0]), sorted(row[0])))
    return {
        "combinations": [([names[s] for s in sources if s in who], number) for who, number in rows],
        "estimate": estimate,
        "dependent": [(names[one], names[other]) for one, other in estimate.dependent] if estimate else [],
        "compared": len(sources),
    }


class FoundByForm(forms.Form):
    """A further source of the same facts."""

    source = forms.ChoiceField(label=_("Source"), choices=Source.choices)


class AddSource(CaseVerb):
    """Enter that another source came upon the same facts by itself."""

    title = _("Also found by")
    form_class = FoundByForm
    purpose = "case-found-by"
    submit_label = _("Enter it")

    def get_consequences(self) -> list[Text]:
        """What it is for."""
        return [_t("From what independent sources share, the number of cases that nobody found is estimated.")]

    def perform(self, form: FoundByForm) -> CrimeCase:
        """Enter it."""
        return crime.also_found_by(self.request.user, self.object.pk, source=form.cleaned_data["source"])
