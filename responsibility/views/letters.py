"""Letters: the list of a year, the paper, the PDF."""

from datetime import date, datetime
from typing import Any

import django_filters
import django_tables2
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from portal.accounts import scopes
from portal.accounts.models import User
from portal.documents.signing.errors import SigningFault
from portal.documents.views import download
from portal.obligations.presentation import state_of
from portal.organisation.models import Unit, UnitType
from portal.web import errors
from portal.web.dates import day, due_day
from portal.web.views import ListPage, ObjectPage, PageMixin
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility import evidence, letter_pdf, policies
from responsibility.models import LIVE, UNSIGNED, Letter, LetterState, Signature
from responsibility.models.letters import LetterQuerySet
from responsibility.services import letters


class LettersNow(PageMixin, View):
    """The letters of the present year."""

    def allowed(self, user: User) -> bool:
        """Everybody but those who keep the machinery alone."""
        return not user.standing.is_kept_from_content

    def get(self, request: Any) -> HttpResponse:
        """Go there; who has but one letter, to that one."""
        year = clock.today().year
        seen = list(Letter.objects.visible_to(request.user).for_year(year).live().select_related("unit")[:2])
        if len(seen) == 1 and not policies.may_issue(request.user):
            return HttpResponseRedirect(seen[0].get_absolute_url())
        return HttpResponseRedirect(reverse("responsibility:letters-of-year", args=(year,)))


def parts_of_tree(request: HttpRequest | None) -> "QuerySet[Unit]":
    """The units with others below them that a person may see."""
    if request is None:
        return Unit.objects.none()
    return Unit.objects.visible_to(request.user).filter(children__isnull=False).distinct()  # type: ignore[arg-type]


class LetterFilter(django_filters.FilterSet):
    """By part of the tree, type of unit and state."""

    q = django_filters.CharFilter(label=_("Unit"), method="search")
    part = django_filters.ModelChoiceFilter(
        queryset=parts_of_tree, to_field_name="code", label=_("Part of the tree"), method="below"
    )
    type = django_filters.ModelChoiceFilter(
        queryset=UnitType.objects.all(), field_name="unit__type", to_field_name="code", label=_("Type of unit")
    )
    state = django_filters.ChoiceFilter(choices=LetterState.choices, label=_("State"))
    said = django_filters.ChoiceFilter(
        choices=(("cannot-sign", _("Cannot sign")),), label=_("The leader says"), method="unsignable"
    )

    def search(self, queryset: "QuerySet[Letter]", name: str, value: str) -> "QuerySet[Letter]":
        """Units as people look for them."""
        return queryset.filter(unit__in=Unit.objects.search(value))

    def below(self, queryset: "QuerySet[Letter]", name: str, value: Unit) -> "QuerySet[Letter]":
        """A unit and all below it."""
        return queryset.filter(unit__path__descendants=str(value.path))

    def unsignable(self, queryset: "LetterQuerySet", name: str, value: str) -> "LetterQuerySet":
        """Letters whose leader has said why they cannot be signed, for who may read it."""
        readable = scopes.q(self.request.user, roles=policies.READ_OBSTACLES)  # type: ignore[attr-defined]
        return queryset.said_to_be_unsignable().filter(readable)


class LetterTable(django_tables2.Table):
    """Letters in the order of their numbers."""

    number = django_tables2.Column(verbose_name=_("Number"), order_by="serial", linkify=True)
    unit = django_tables2.Column(verbose_name=_("Unit"), accessor="unit__name", order_by="unit__sort_key")
    group = django_tables2.Column(verbose_name=_("Leading group"), accessor="group__name", orderable=False)
    state = django_tables2.Column(verbose_name=_("State"), accessor="get_state_display", order_by="state")
    due_on = django_tables2.Column(verbose_name=_("To be signed by"), accessor="obligation__due_on")
    signed_at = django_tables2.Column(verbose_name=_("Signed"))

    def render_due_on(self, value: date) -> str:
        """As a sentence."""
        return due_day(value)

    def value_due_on(self, value: date) -> str:
        """As spreadsheets sort it."""
        return value.isoformat()

    def render_signed_at(self, value: datetime) -> str:
        """The day, as a sentence."""
        return day(value.astimezone(clock.zone()).date())

    def value_signed_at(self, value: datetime) -> str:
        """As spreadsheets sort it."""
        return value.astimezone(clock.zone()).date().isoformat()


class LettersPage(ListPage):
    """The letters of a year."""

    model = Letter
    table_class = LetterTable
    filterset_class = LetterFilter
    template_name = "responsibility/letters.html"
    empty = _("No letter has been issued for this year. The coordinator opens the year and issues them.")

    @property
    def export_name(self) -> str:  # type: ignore[override]
        """Named by the year."""
        return f"letters-{self.kwargs['year']}"

    def allowed(self, user: User) -> bool:
        """Everybody but those who keep the machinery alone."""
        return not user.standing.is_kept_from_content

    def get_queryset(self) -> "QuerySet[Letter]":
        """The year's letters that the person may see."""
        letters_seen = Letter.objects.visible_to(self.request.user).for_year(self.kwargs["year"])
        return letters_seen.select_related("unit", "group", "obligation").order_by("serial")

    def get_title(self) -> str:
        """The year."""
        return _t("Letters of responsibility %(year)s") % {"year": self.kwargs["year"]}

    def get_lede(self) -> str:
        """How many are signed."""
        seen = Letter.objects.visible_to(self.request.user).for_year(self.kwargs["year"]).live()
        total, signed = seen.count(), seen.filter(state=LetterState.SIGNED).count()
        text = ngettext(
            "%(signed)s of %(total)s letter is signed.", "%(signed)s of %(total)s letters are signed.", total
        )
        return text % {"signed": signed, "total": total}

    def _years(self) -> "QuerySet[Letter, int]":
        """The years of which the person sees letters."""
        return Letter.objects.visible_to(self.request.user).order_by().values_list("year", flat=True).distinct()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what the person may do here, and what was just done."""
        year, user, signed = self.kwargs["year"], self.request.user, self.request.GET.get("signed", "")
        return super().get_context_data(
            year=year,
            years=sorted({*self._years(), year, clock.today().year}, reverse=True),
            may_issue=policies.may_issue(user),
            waiting=letters.waiting_for(user, year).count(),
            just_signed=int(signed) if signed.isdecimal() and len(signed) < 6 else 0,
            **kwargs,
        )


def letter_of(user: User, year: int, code: str) -> Letter:
    """The unit's letter in force, else the newest one. Raises DoesNotExist."""
    seen = Letter.objects.visible_to(user).for_year(year).filter(unit__code=code)
    found = seen.live().first() or seen.latest("serial")
    return Letter.objects.select_related("unit", "group", "obligation", "replaces").get(pk=found.pk)


def signatures_of(letter: Letter) -> dict[str, Signature]:
    """The signatures by side."""
    return {signature.side: signature for signature in letter.signatures.select_related("person")}


def letter_asked_for(user: User, year: int, code: str, number: str) -> Letter:
    """The letter of a unit with that number, which may have been replaced; without a number as `letter_of`.

    Raises DoesNotExist.
    """
    newest = letter_of(user, year, code)
    if not number.isdecimal() or len(number) > 8 or int(number) == newest.serial:
        return newest
    same_unit = Letter.objects.visible_to(user).filter(unit=newest.unit_id, year=newest.year)
    return same_unit.select_related("unit", "group", "obligation", "replaces").get(serial=int(number))


class LetterPage(ObjectPage):
    """A letter as paper, with its signatures, dates and state; `?no=` shows one that was replaced or withdrawn."""

    template_name = "responsibility/letter.html"

    def get_object(self) -> Letter:
        """The unit's letter."""
        asked = self.request.GET.get("no", "")
        return letter_asked_for(self.request.user, self.kwargs["year"], self.kwargs["code"], asked)

    def get_title(self) -> str:
        """The title on the paper."""
        return str(self.object.title)

    def get_lede(self) -> str:
        """Unit and number."""
        return f"{self.object.unit.name} · {self.object.number}"

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The letters of the year."""
        return [(_t("Letters"), reverse("responsibility:letters-of-year", args=(self.object.year,)))]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds signatures, state and what the person may do."""
        letter, user = self.object, self.request.user
        mine = policies.is_top_leader(user, letter)
        signatures = signatures_of(letter)
        others = Letter.objects.for_year(letter.year).filter(unit=letter.unit).exclude(pk=letter.pk)
        return super().get_context_data(
            letter=letter,
            signatures=signatures,
            state=state_of(letter.obligation, clock.today(), load_calendar()),
            may_sign=mine and letter.state == LetterState.HEAD_SIGNED,
            waits_for_head=mine and letter.state == LetterState.ISSUED,
            may_withdraw=letter.state in UNSIGNED and policies.may_withdraw(user, letter),
            has_pdf=len(signatures) == len(letter_pdf.SIDES),
            others=others.order_by("-serial"),
            obstacles=letter.obstacles.select_related("tenure__person")
            if policies.may_read_obstacles(user, letter)
            else (),
            mine=mine,
            **kwargs,
        )


class LetterPdf(PageMixin, View):
    """The sealed PDF of a signed letter, in the reader's language; `?no=` gives that of one that was replaced."""

    def get(self, request: Any, year: int, code: str) -> FileResponse | HttpResponse:
        """The file, made now where the worker has not made it yet; back to the letter while it is not signed."""
        letter = letter_asked_for(request.user, year, code, request.GET.get("no", ""))
        if len(signatures_of(letter)) < len(letter_pdf.SIDES):
            query = "" if letter.state in LIVE else f"?no={letter.serial}"
            return HttpResponseRedirect(f"{letter.get_absolute_url()}{query}")
        asked = request.GET.get("language") or get_language() or "en"
        language = "zh-hans" if asked.startswith("zh") else "en"
        try:
            document = letter_pdf.sealed(letter, language)
        except SigningFault as error:
            return errors.out_of_order(request, error)
        return download(document.newest_file, f"{document.number}.pdf", "application/pdf")


class LetterEvidence(PageMixin, View):
    """What proves the signatures of a letter, as JSON; `?no=` gives that of one that was replaced."""

    def get(self, request: Any, year: int, code: str) -> JsonResponse:
        """The facts of the page of evidence, for machines."""
        letter = letter_asked_for(request.user, year, code, request.GET.get("no", ""))
        told = evidence.as_json(letter, letter_pdf.documents_of(letter))
        answer = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 1})
        answer["Content-Disposition"] = f'attachment; filename="evidence-{letter.year}-{letter.serial}.json"'
        answer["X-Content-Type-Options"] = "nosniff"
        answer["Cache-Control"] = "private, no-store"
        return answer
