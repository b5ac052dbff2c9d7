"""The box over everything that the room keeps, with filters and counts, and its result as a file."""

from collections.abc import Iterable, Iterator
from time import perf_counter
from typing import Any, NamedTuple

from django import forms
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases import policies, searching
from cases.models import CrimeCase, Offence, Punishment, ScreeningRule
from cases.punishments import finding, indexing, terms
from cases.punishments.finding import Filters
from cases.searching import Asked
from cases.views import hits
from cases.views.base import RoomMixin
from portal.audit import services as audit
from portal.organisation.models import Rank, Unit
from portal.web import export
from portal.web.fields import DayField
from portal.web.views import TemplateView, Text
from systems.models import RequiredSystem

PER_PAGE = 20
CLASSES: dict[str, Text] = {
    "under-30k": _("under 30,000 yuan"),
    "30k-200k": _("30,000 to 200,000 yuan"),
    "200k-3m": _("200,000 to 3 million yuan"),
    "3m": _("3 million yuan and more"),
    "unknown": _("not known"),
}
TRANSFERRED: dict[str, Text] = {"yes": _("yes"), "no": _("no"), "unknown": _("not known")}
EXPORTED = (
    *("number", "agency", "title", "party", "party_code", "representative", "facts", "basis", "kinds", "content"),
    *("fine", "confiscated", "amount", "filed_on", "decided_on", "handler", "transferred", "transferred_on", "remark"),
)
# A workbook is made in memory; whoever needs more takes the CSV file, which is written while it is read.
WORKBOOK_MAX = 10_000
NARROWING = (
    *("record", "agency", "year", "amount", "offence", "loophole", "rank", "transferred", "rule", "since", "until"),
)


def _several(**kwargs: Any) -> forms.TypedMultipleChoiceField:
    return forms.TypedMultipleChoiceField(coerce=int, required=False, **kwargs)


class SearchForm(forms.Form):
    """What is looked for; everything may be left out, and what is not understood is said."""

    q = forms.CharField(label=_("Words, number, party, person, code"), required=False, max_length=terms.TYPED_MAX)
    record = forms.MultipleChoiceField(choices=list(hits.RECORDS.items()), required=False)
    agency, year, rule, offence, loophole, rank = (_several() for _field in range(6))
    amount = forms.MultipleChoiceField(choices=list(CLASSES.items()), required=False)
    transferred = forms.MultipleChoiceField(choices=list(TRANSFERRED.items()), required=False)
    since = DayField(label=_("Decided, filed or sent since"), required=False)
    until = DayField(label=_("until"), required=False)
    sort = forms.ChoiceField(choices=[("day", ""), ("rank", "")], required=False)

    def __init__(self, *args: Any, names: dict[str, dict[Any, Text]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, values in names.items():
            self.fields[name].choices = list(values.items())  # type: ignore[attr-defined]
        self.fields["year"].choices = [(year, year) for year in range(1990, 2101)]  # type: ignore[attr-defined]
        self.fields["since"].widget.attrs["form"] = self.fields["until"].widget.attrs["form"] = "search-form"

    def asked(self) -> Asked:
        """What the result is narrowed by."""
        typed = self.cleaned_data
        penalties = Filters(
            agencies=typed["agency"],
            years=typed["year"],
            classes=typed["amount"],
            transferred=typed["transferred"],
            rules=typed["rule"],
            since=typed["since"],
            until=typed["until"],
        )
        return Asked(penalties, typed["record"], typed["offence"], typed["loophole"], typed["rank"])


class Choice(NamedTuple):
    """A value of a facet: its name, whether it is chosen, how many of the result are of it."""

    value: Any
    label: Text
    chosen: bool
    number: int


class Facet(NamedTuple):
    """A group of filters with counts."""

    name: str
    label: Text
    choices: list[Choice]


def _names(user: Any) -> dict[str, dict[Any, Text]]:
    """The values of the filters that are rows of the database, with their names."""
    seen = [
        *finding.agencies_with_decisions(user),
        *CrimeCase.objects.visible_to(user).values_list("unit_id", flat=True),
    ]
    return {
        "agency": {unit.pk: unit.name for unit in Unit.objects.filter(pk__in=seen)},
        "rule": {rule.pk: rule.name for rule in ScreeningRule.objects.all()},
        "offence": {row.pk: row.name for row in Offence.objects.all()},
        "loophole": {row.pk: row.name for row in RequiredSystem.objects.all()},
        "rank": {row.pk: row.name for row in Rank.objects.all()},
    }


class Search(RoomMixin, TemplateView):
    """Everything, newest first; with words, what matches."""

    template_name = "cases/search.html"
    title = _("Search cases")
    room = "cases:search"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """The page, or the result as a file."""
        begun = perf_counter()
        self.names = _names(request.user)
        self.form = SearchForm(request.GET, names=self.names)
        self.query = terms.parse(request.GET.get("q", ""))
        if not self.form.is_valid() or self.query.too_short:
            self.result = searching.Result([], False, searching.Counts())
        else:
            by_rank = self.form.cleaned_data["sort"] == "rank"
            self.result = searching.search(request.user, self.query, self.form.asked(), by_rank=by_rank)
        self.seconds = perf_counter() - begun
        kind = request.GET.get("export")
        if kind in export.KINDS and self.form.is_valid() and not self.query.too_short:
            return self._export(kind)
        return self.render_to_response(self.get_context_data())

    def _export(self, kind: str) -> HttpResponse | StreamingHttpResponse:
        """The decisions found, all of them; a workbook has the newest `WORKBOOK_MAX`."""
        user = self.request.user
        with transaction.atomic():
            data = {"words": self.form.cleaned_data["q"], "file": kind}
            audit.record(user, "punishments.exported", data=data)
        found = finding.matching(user, self.query, self.form.asked().penalties)
        name = {"Content-Disposition": f'attachment; filename="punishments.{kind}"'}
        if kind == "csv":
            lines = export.csv_lines(_rows(found))
            return StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8", headers=name)
        return HttpResponse(export.as_xlsx(_rows(found[:WORKBOOK_MAX])), content_type=export.XLSX, headers=name)

    def get_lede(self) -> Text:
        """How many there are."""
        counts = self.result.counts.records
        words = {"count": f"{len(self.result.items):,}", "seconds": f"{self.seconds:.2f}"}
        if self.result.is_capped:
            words["cap"] = f"{counts[searching.PENALTY]:,}"
            return (
                _t("%(count)s found; of the decisions the newest %(cap)s are shown and counted. %(seconds)s s") % words
            )
        return (
            ngettext("%(count)s found in %(seconds)s s", "%(count)s found in %(seconds)s s", len(self.result.items))
            % words
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the page of hits and the facets."""
        pages = Paginator(self.result.items, PER_PAGE)
        page = pages.get_page(self.request.GET.get("page"))
        may_work = policies.may_work(self.request.user)
        return super().get_context_data(
            form=self.form,
            query=self.query,
            page=page,
            hits=hits.of(list(page.object_list), self.query),
            decisions=self.result.counts.records.get(searching.PENALTY, 0),
            facets=list(self._facets()),
            narrowed=bool(set(self.request.GET) & set(NARROWING)),
            waiting=indexing.missing() if may_work else 0,
            actions=_actions() if may_work else [],
            **kwargs,
        )

    def _facets(self) -> Iterator[Facet]:
        counts, names = self.result.counts, self.names
        years: dict[Any, Text] = {year: str(year) for year in sorted(counts.years, reverse=True)}
        groups: tuple[tuple[str, Text, dict[Any, Text], dict[Any, int]], ...] = (
            ("record", _("Kind"), dict(hits.RECORDS), dict(counts.records)),
            ("offence", _("Offence"), names["offence"], counts.offences),
            ("loophole", _("System that failed"), names["loophole"], counts.loopholes),
            ("rank", _("Rank at the time"), names["rank"], counts.ranks),
            ("agency", _("Unit or agency"), names["agency"], counts.agencies),
            ("year", _("Year"), years, dict(counts.years)),
            ("amount", _("Amount involved"), dict(CLASSES), dict(counts.classes)),
            ("transferred", _("Transferred to justice"), dict(TRANSFERRED), dict(counts.transferred)),
            ("rule", _("Screening"), names["rule"], counts.rules),
        )
        for name, label, values, found in groups:
            chosen = set(self.request.GET.getlist(name))
            choices = [
                Choice(value, text, str(value) in chosen, found.get(value, 0))
                for value, text in values.items()
                if found.get(value) or str(value) in chosen
            ]
            if choices:
                yield Facet(name, label, choices)


def _rows(found: Iterable[Punishment]) -> Iterator[list[Any]]:
    """The headings, then a row for each decision."""
    meta = Punishment._meta
    yield [str(meta.get_field(name).verbose_name) for name in EXPORTED]  # type: ignore[union-attr]
    answers = {True: _t("yes"), False: _t("no")}
    for decision in found:
        row = [getattr(decision, name) for name in EXPORTED]
        row = [answers[value] if isinstance(value, bool) else value for value in row]
        yield ["" if value is None else str(value) if isinstance(value, Unit) else _number(value) for value in row]


def _number(value: Any) -> Any:
    return float(value) if value.__class__.__name__ == "Decimal" else value


def _actions() -> list[dict[str, Any]]:
    return [
        {"url": reverse("cases:import"), "label": _("Import a file"), "icon": "upload", "primary": False},
        {"url": reverse("cases:file-case"), "label": _("File a case"), "icon": "plus", "primary": False},
    ]
