"""The database of punishments: the box of words with filters and counts, and the page of a decision."""

from collections.abc import Iterable, Iterator
from time import perf_counter
from typing import Any, NamedTuple

from django import forms
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases import policies
from cases.models import Punishment, ScreeningHit, ScreeningRule
from cases.punishments import finding, indexing, terms, wording
from cases.punishments.finding import Filters
from cases.punishments.screening import explain
from cases.views.base import RoomMixin
from portal.audit import services as audit
from portal.organisation.models import Unit
from portal.web import export
from portal.web.fields import DayField
from portal.web.lookups import array_of
from portal.web.views import ObjectPage, TemplateView, Text

PER_PAGE = 20
CLASSES: dict[str, Text] = {
    "under-30k": _("under 30,000 yuan"),
    "30k-200k": _("30,000 to 200,000 yuan"),
    "200k-3m": _("200,000 to 3 million yuan"),
    "3m": _("3 million yuan and more"),
    "unknown": _("not known"),
}
TRANSFERRED: dict[str, Text] = {"yes": _("yes"), "no": _("no"), "unknown": _("not known")}
# Where a passage is looked for, the most telling first; what the heading of a hit shows already is not said again.
PASSAGES = ("facts", "content", "basis", "remark", "representative", "handler", "kinds", "reply")
EXPORTED = (
    *("number", "agency", "title", "party", "party_code", "representative", "facts", "basis", "kinds", "content"),
    *("fine", "confiscated", "amount", "filed_on", "decided_on", "handler", "transferred", "transferred_on", "remark"),
)


class SearchForm(forms.Form):
    """What is looked for; everything may be left out, and what is not understood is said."""

    q = forms.CharField(label=_("Words, number, party, code"), required=False, max_length=terms.TYPED_MAX)
    agency = forms.TypedMultipleChoiceField(coerce=int, required=False)
    year = forms.TypedMultipleChoiceField(coerce=int, required=False)
    amount = forms.MultipleChoiceField(choices=list(CLASSES.items()), required=False)
    transferred = forms.MultipleChoiceField(choices=list(TRANSFERRED.items()), required=False)
    rule = forms.TypedMultipleChoiceField(coerce=int, required=False)
    since = DayField(label=_("Decided since"), required=False)
    until = DayField(label=_("until"), required=False)
    sort = forms.ChoiceField(choices=[("day", ""), ("rank", "")], required=False)

    def __init__(self, *args: Any, agencies: dict[Any, Text], rules: dict[Any, Text], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["agency"].choices = list(agencies.items())  # type: ignore[attr-defined]
        self.fields["rule"].choices = list(rules.items())  # type: ignore[attr-defined]
        self.fields["year"].choices = [(year, year) for year in range(1990, 2101)]  # type: ignore[attr-defined]
        self.fields["since"].widget.attrs["form"] = self.fields["until"].widget.attrs["form"] = "search-form"

    def filters(self) -> Filters:
        """What the result is narrowed by."""
        typed = self.cleaned_data
        return Filters(
            agencies=typed["agency"],
            years=typed["year"],
            classes=typed["amount"],
            transferred=typed["transferred"],
            rules=typed["rule"],
            since=typed["since"],
            until=typed["until"],
        )


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


class Hit(NamedTuple):
    """A decision found: the decision, the passages that show why, the open hits of the rules."""

    decision: Punishment
    title: list[terms.Piece]
    passages: list[tuple[Text, list[terms.Piece]]]
    hits: list[str]


class Search(RoomMixin, TemplateView):
    """All decisions, newest first; with words, those that match."""

    template_name = "cases/search.html"
    title = _("Administrative punishments")
    room = "cases:punishments"

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the result as a file."""
        begun = perf_counter()
        seen = finding.agencies_with_decisions(request.user)
        self.agencies: dict[Any, Text] = {unit.pk: unit.name for unit in Unit.objects.filter(pk__in=seen)}
        self.rules: dict[Any, Text] = {rule.pk: rule.name for rule in ScreeningRule.objects.all()}
        self.form = SearchForm(request.GET, agencies=self.agencies, rules=self.rules)
        self.query = terms.parse(request.GET.get("q", ""))
        if not self.form.is_valid() or self.query.too_short:
            self.found = finding.Found([], is_capped=False)
        else:
            by_rank = self.form.cleaned_data["sort"] == "rank"
            self.found = finding.find(request.user, self.query, self.form.filters(), by_rank=by_rank)
        self.counts = finding.counts(self.found.ids)
        self.seconds = perf_counter() - begun
        kind = request.GET.get("export")
        if kind in export.KINDS:
            return self._export(kind)
        return self.render_to_response(self.get_context_data())

    def _export(self, kind: str) -> HttpResponse:
        with transaction.atomic():
            data = {"words": self.request.GET.get("q", "")[: terms.TYPED_MAX], "rows": len(self.found.ids)}
            audit.record(self.request.user, "punishments.exported", data=data)
        content = export.as_csv(self._rows()) if kind == "csv" else export.as_xlsx(self._rows())
        answer = HttpResponse(content, content_type="text/csv; charset=utf-8" if kind == "csv" else export.XLSX)
        answer["Content-Disposition"] = f'attachment; filename="punishments.{kind}"'
        return answer

    def _rows(self) -> Iterator[list[Any]]:
        meta = Punishment._meta
        yield [str(meta.get_field(name).verbose_name) for name in EXPORTED]  # type: ignore[union-attr]
        answers = {True: _t("yes"), False: _t("no")}
        for decision in _in_order(self.found.ids):
            row = [getattr(decision, name) for name in EXPORTED]
            row = [answers[value] if isinstance(value, bool) else value for value in row]
            yield ["" if value is None else str(value) if isinstance(value, Unit) else _number(value) for value in row]

    def get_lede(self) -> Text:
        """How many there are."""
        count, capped = len(self.found.ids), self.found.is_capped
        words = {"count": f"{count:,}", "seconds": f"{self.seconds:.2f}"}
        if capped:
            return (
                _t("More than %(count)s decisions; the newest %(count)s are shown and counted. %(seconds)s s") % words
            )
        sentence = ngettext("%(count)s decision in %(seconds)s s", "%(count)s decisions in %(seconds)s s", count)
        return sentence % words

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the page of hits and the facets."""
        pages = Paginator(self.found.ids, PER_PAGE)
        page = pages.get_page(self.request.GET.get("page"))
        may_work = policies.may_work(self.request.user)
        return super().get_context_data(
            form=self.form,
            query=self.query,
            page=page,
            hits=_hits(list(page.object_list), self.query),
            facets=list(self._facets()),
            narrowed=bool(
                set(self.request.GET) & {"agency", "year", "amount", "transferred", "rule", "since", "until"}
            ),
            waiting=indexing.missing() if may_work else 0,
            actions=_actions(may_work),
            **kwargs,
        )

    def _facets(self) -> Iterator[Facet]:
        counts = self.counts
        years: dict[Any, Text] = {year: str(year) for year in sorted(counts.years, reverse=True)}
        groups: tuple[tuple[str, Text, dict[Any, Text], dict[Any, int]], ...] = (
            ("agency", _("Agency"), self.agencies, counts.agencies),
            ("year", _("Decided in"), years, counts.years),
            ("amount", _("Amount involved"), CLASSES, counts.classes),
            ("transferred", _("Transferred to justice"), TRANSFERRED, counts.transferred),
            ("rule", _("Screening"), self.rules, counts.rules),
        )
        for name, label, names, found in groups:
            chosen = set(self.request.GET.getlist(name))
            choices = [
                Choice(value, text, str(value) in chosen, found.get(value, 0))
                for value, text in names.items()
                if found.get(value) or str(value) in chosen
            ]
            if choices:
                yield Facet(name, label, choices)


def _number(value: Any) -> Any:
    return float(value) if value.__class__.__name__ == "Decimal" else value


def _actions(may_work: bool) -> list[dict[str, Any]]:
    if not may_work:
        return []
    return [{"url": "/cases/punishments/import/", "label": _("Import a file"), "icon": "upload", "primary": False}]


def _in_order(ids: list[int]) -> list[Punishment]:
    """The decisions of these ids in this order, in one query."""
    found = {d.pk: d for d in Punishment.objects.filter(pk__any=array_of(ids)).select_related("agency")}
    return [found[pk] for pk in ids if pk in found]


def _hits(ids: list[int], query: terms.Query) -> list[Hit]:
    rows = ScreeningHit.objects.open().filter(punishment__in=ids).select_related("rule")
    marks: dict[int, list[str]] = {}
    for row in rows:
        marks.setdefault(row.punishment_id, []).append(row.rule.name)
    words = query.words
    return [
        Hit(d, terms.marked(d.title or d.number, words), list(_passages(d, query)), marks.get(d.pk, []))
        for d in _in_order(ids)
    ]


def _passages(decision: Punishment, query: terms.Query) -> Iterator[tuple[Text, list[terms.Piece]]]:
    left = 2
    for name in PASSAGES:
        pieces = terms.passage(str(getattr(decision, name)), query.words)
        if pieces and left:
            yield decision._meta.get_field(name).verbose_name, pieces  # type: ignore[union-attr, misc]
            left -= 1
    if left == 2 and decision.facts:
        text = decision.facts[: terms.PASSAGE]
        yield _("facts"), [terms.Piece(text + ("……" if len(decision.facts) > len(text) else ""), marked=False)]


class PunishmentPage(RoomMixin, ObjectPage):
    """A decision: its facts, what the rules say of it, its versions, the other decisions about the same party."""

    template_name = "cases/punishment.html"
    room = "cases:punishments"
    object: Punishment

    def get_object(self) -> Punishment:
        """One that the person may read."""
        return (
            Punishment.objects.visible_to(self.request.user).select_related("agency", "run").get(pk=self.kwargs["pk"])
        )

    def get_title(self) -> Text:
        """The case, or the number where it has no name."""
        return self.object.title or self.object.number

    def get_lede(self) -> Text:
        """Number and agency."""
        return f"{self.object.number} · {self.object.agency.name}"

    def get_crumbs(self) -> list[tuple[Text, str]]:
        """The database."""
        return [(_("Administrative punishments"), "/cases/punishments/")]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds hits, versions and the party's other decisions."""
        found = self.object
        versions = Punishment.objects.filter(agency=found.agency, number=found.number).order_by("-version")
        seen = Punishment.objects.visible_to(self.request.user).current().filter(party_key=found.party_key)
        hits = found.hits.select_related("rule", "decided_by")
        return super().get_context_data(
            decision=found,
            facts=list(_facts(found)),
            hits=[(hit, explain(hit)) for hit in hits],
            versions=versions if len(versions) > 1 else (),
            others=seen.exclude(pk=found.pk).select_related("agency")[:20],
            may_work=policies.may_work_at(self.request.user, str(found.agency.path)),
            **kwargs,
        )


def _facts(decision: Punishment) -> Iterable[tuple[Text, Any]]:
    """The properties that are known, as people read them."""
    yield _("Party"), decision.party
    yield _("Code of the party"), decision.party_code
    yield _("Legal representative"), decision.representative
    yield _("Kind of penalty"), decision.kinds
    for name in ("fine", "confiscated", "amount"):
        labels = {"fine": _("Fine"), "confiscated": _("Confiscated"), "amount": _("Amount involved")}
        yield labels[name], wording.yuan(getattr(decision, name))
    yield _("Handled by"), decision.handler
    yield _("Legal basis"), decision.basis
    yield _("Reply of the receiving organ"), decision.reply
    yield _("Remark"), decision.remark
