"""Letters: the list, the paper, the signatures, the PDF."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from portal.accounts.models import User
from portal.accounts.places import places_for
from portal.accounts.roles import Role
from portal.accounts.services import confirm_password
from portal.documents.views import download
from portal.obligations.presentation import state_of
from portal.organisation.models import Unit, UnitType
from portal.web.models import Job
from portal.web.views import ListPage, ObjectPage, PageMixin, VerbView
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility import letter_pdf, policies
from responsibility.errors import WrongPassword
from responsibility.forms import IssueForm, ReasonForm, SignBatchForm, SignLetterForm
from responsibility.models import Letter, LetterState, Signature
from responsibility.services import letters


class LettersNow(PageMixin, View):
    """The letters of the present year."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Go there; a leader to the unit's own letter."""
        return HttpResponseRedirect(reverse("responsibility:letters-of-year", args=(clock.today().year,)))


class LetterFilter(django_filters.FilterSet):
    """By part of the tree, type of unit and state."""

    q = django_filters.CharFilter(label=_("Unit"), method="search")
    type = django_filters.ModelChoiceFilter(
        queryset=UnitType.objects.all(), field_name="unit__type", label=_("Type of unit")
    )
    state = django_filters.ChoiceFilter(choices=LetterState.choices, label=_("State"))

    def search(self, queryset: "QuerySet[Letter]", name: str, value: str) -> "QuerySet[Letter]":
        """Units as people look for them."""
        return queryset.filter(unit__in=Unit.objects.search(value))


class LetterTable(django_tables2.Table):
    """Letters in the order of their numbers."""

    number = django_tables2.Column(verbose_name=_("Number"), order_by="serial", linkify=True)
    unit = django_tables2.Column(verbose_name=_("Unit"), accessor="unit__name", order_by="unit__sort_key")
    group = django_tables2.Column(verbose_name=_("Leading group"), accessor="group__name", orderable=False)
    state = django_tables2.Column(verbose_name=_("State"), accessor="get_state_display", order_by="state")
    signed_at = django_tables2.DateTimeColumn(verbose_name=_("Signed"), format="Y-m-d")


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

    def get_queryset(self) -> "QuerySet[Letter]":
        """The year's letters that the person may see."""
        letters_seen = Letter.objects.visible_to(self.request.user).for_year(self.kwargs["year"])
        return letters_seen.select_related("unit", "group").order_by("serial")

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

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what the person may do here."""
        year, user = self.kwargs["year"], self.request.user
        waiting = letters.waiting_for(user, year).count()
        return super().get_context_data(year=year, may_issue=policies.may_issue(user), waiting=waiting, **kwargs)


class IssueLetters(VerbView):
    """Issue the letters of a part of the tree."""

    template_name = "responsibility/issue.html"
    form_class = IssueForm
    purpose = "issue-letters"
    submit_label = _("Issue the letters")

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """The coordinator."""
        return policies.may_issue(user)

    def get_title(self) -> str:
        """The year."""
        return _t("Issue letters for %(year)s") % {"year": self.kwargs["year"]}

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The letters."""
        return [(_t("Letters"), self.get_back_url())]

    def get_back_url(self) -> str:
        """The letters."""
        return reverse("responsibility:letters-of-year", args=(self.kwargs["year"],))

    def get_form_kwargs(self) -> dict[str, Any]:
        """The parts of the tree that the person coordinates; a look before it is done fills the form from the address."""
        kwargs = super().get_form_kwargs() | {"places": places_for(self.request.user, Role.COORDINATOR)}
        if self.request.method == "GET" and "path" in self.request.GET:
            kwargs["data"] = self.request.GET
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds how many letters there would be, and who gets none."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        path = form.data.get("path") or (form.fields["path"].choices[0][0] if form.fields["path"].choices else "")
        chosen = form.data.getlist("types") if form.data else []
        found = letters.candidates(self.kwargs["year"], path=path, type_ids=[int(pk) for pk in chosen if pk.isdigit()])
        return context | {
            "ready": found.filter(responsible_group_id__isnull=False).count(),
            "without_group": list(found.filter(responsible_group_id__isnull=True)[:20]),
            "vacant": list(
                found.filter(responsible_group_id__isnull=False)
                .with_top_leader(clock.today())
                .filter(leader_tenure_id__isnull=True)[:20]
            ),
            "year": self.kwargs["year"],
        }

    def perform(self, form: IssueForm) -> Job:
        """Begin."""
        typed = form.cleaned_data
        return letters.start_issue(
            self.request.user,
            year=self.kwargs["year"],
            path=typed["path"],
            type_ids=[unit_type.pk for unit_type in typed["types"]],
        )

    def get_result_url(self, result: Job) -> str:
        """The progress."""
        return reverse("web:job", args=(result.pk,))


class SignBatch(VerbView):
    """The head of a leading group signs the letters that wait."""

    template_name = "responsibility/sign_batch.html"
    form_class = SignBatchForm
    purpose = "sign-batch"
    submit_label = _("Sign the letters")

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """Heads of leading groups."""
        return bool(policies.headed_groups(user))

    def get_title(self) -> str:
        """The year."""
        return _t("Sign the letters of %(year)s") % {"year": self.kwargs["year"]}

    def get_lede(self) -> str:
        """How many wait."""
        count = len(self.waiting)
        text = ngettext("%(count)s letter waits for you.", "%(count)s letters wait for you.", count)
        return text % {"count": count}

    def get_back_url(self) -> str:
        """The letters."""
        return reverse("responsibility:letters-of-year", args=(self.kwargs["year"],))

    def get_form_kwargs(self) -> dict[str, Any]:
        """Only what waits can be chosen."""
        return super().get_form_kwargs() | {"waiting": self._choosable()}

    @cached_property
    def waiting(self) -> list[Letter]:
        """The letters that wait for this head."""
        return list(letters.waiting_for(self.request.user, self.kwargs["year"]))

    def _choosable(self) -> list[int]:
        """What waits, and on a second post of the same form what was just signed."""
        posted = [int(pk) for pk in self.request.POST.getlist("letters") if pk.isdigit()]
        return sorted({letter.pk for letter in self.waiting} | set(posted))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the letters, and the common text by the first of them."""
        first = self.waiting[0] if self.waiting else None
        return super().get_context_data(waiting=self.waiting, letter=first, year=self.kwargs["year"], **kwargs)

    def perform(self, form: SignBatchForm) -> int:
        """Sign what was chosen."""
        if not confirm_password(self.request, form.cleaned_data["password"]):
            raise WrongPassword
        return letters.sign_for_group(
            self.request.user,
            year=self.kwargs["year"],
            letter_ids=form.cleaned_data["letters"],
            typed_name=form.cleaned_data["typed_name"],
        )

    def get_result_url(self, result: int) -> str:
        """The letters, with how many were signed."""
        return f"{self.get_back_url()}?signed={result}"


def letter_of(user: User, year: int, code: str) -> Letter:
    """The unit's letter in force, else the newest one. Raises DoesNotExist."""
    seen = Letter.objects.visible_to(user).for_year(year).filter(unit__code=code)
    found = seen.live().first() or seen.latest("serial")
    return Letter.objects.select_related("unit", "group", "obligation", "replaces").get(pk=found.pk)


class LetterPage(ObjectPage):
    """A letter as paper, with its signatures, dates and state."""

    template_name = "responsibility/letter.html"

    def get_object(self) -> Letter:
        """The unit's letter."""
        return letter_of(self.request.user, self.kwargs["year"], self.kwargs["code"])

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
        older = Letter.objects.for_year(letter.year).filter(unit=letter.unit).exclude(pk=letter.pk).order_by("-serial")
        return super().get_context_data(
            letter=letter,
            signatures=signatures_of(letter),
            state=state_of(letter.obligation, clock.today(), load_calendar()),
            may_sign=mine and letter.state == LetterState.HEAD_SIGNED,
            waits_for_head=mine and letter.state == LetterState.ISSUED,
            may_withdraw=policies.may_withdraw(user, letter)
            and letter.state in (LetterState.ISSUED, LetterState.HEAD_SIGNED),
            older=older,
            **kwargs,
        )


def signatures_of(letter: Letter) -> dict[str, Signature]:
    """The signatures by side."""
    return {signature.side: signature for signature in letter.signatures.select_related("person")}


class SignLetter(VerbView):
    """The top leader reads the letter to its end and signs it."""

    template_name = "responsibility/sign.html"
    form_class = SignLetterForm
    purpose = "sign-letter"
    submit_label = _("Sign the letter")
    title = _("Read the letter and sign it")

    @staticmethod
    def policy(user: User, letter: Letter) -> bool:
        """Only who holds the top post."""
        return policies.is_top_leader(user, letter)

    def get_object(self) -> Letter:
        """The unit's letter."""
        return letter_of(self.request.user, self.kwargs["year"], self.kwargs["code"])

    def get_lede(self) -> str:
        """As whom one signs."""
        return _t("You sign as the first responsible person of %(unit)s. Your signature completes the letter.") % {
            "unit": self.object.unit.name
        }

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the letter and its day."""
        letter = self.object
        return super().get_context_data(
            letter=letter,
            signatures=signatures_of(letter),
            state=state_of(letter.obligation, clock.today(), load_calendar()),
            ready=letter.state == LetterState.HEAD_SIGNED,
            **kwargs,
        )

    def perform(self, form: SignLetterForm) -> Signature:
        """Confirm the password and sign."""
        typed = form.cleaned_data
        if not confirm_password(self.request, typed["password"]):
            raise WrongPassword
        return letters.sign_for_unit(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            read=typed["read"],
            typed_name=typed["typed_name"],
        )

    def get_result_url(self, result: Signature) -> str:
        """The receipt."""
        return reverse("responsibility:signed", args=(self.kwargs["year"], self.kwargs["code"]))


class SignedPage(ObjectPage):
    """The receipt of a signature."""

    template_name = "responsibility/signed.html"

    def get_object(self) -> Letter:
        """A letter that the unit has signed."""
        letter = letter_of(self.request.user, self.kwargs["year"], self.kwargs["code"])
        self.signatures = signatures_of(letter)
        if "unit" not in self.signatures:
            raise Signature.DoesNotExist
        return letter

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the signature and whether it came in time."""
        state = state_of(self.object.obligation, clock.today(), load_calendar())
        return super().get_context_data(
            letter=self.object, signature=self.signatures["unit"], signatures=self.signatures, state=state, **kwargs
        )


class WithdrawLetter(VerbView):
    """Withdraw an unsigned letter."""

    title = _("Withdraw the letter")
    form_class = ReasonForm
    purpose = "withdraw-letter"
    submit_label = _("Withdraw the letter")
    danger = True

    @staticmethod
    def policy(user: User, letter: Letter) -> bool:
        """The coordinator."""
        return policies.may_withdraw(user, letter)

    def get_object(self) -> Letter:
        """The unit's letter."""
        return letter_of(self.request.user, self.kwargs["year"], self.kwargs["code"])

    def get_lede(self) -> str:
        """Which."""
        return f"{self.object.unit.name} · {self.object.number}"

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [
            _t("Nobody can sign this letter any more."),
            _t("The unit's duty to sign it ends, with your reason."),
            _t("A new letter can then be issued to the unit."),
        ]

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}

    def perform(self, form: ReasonForm) -> Letter:
        """Withdraw it."""
        typed = form.cleaned_data
        return letters.withdraw(
            self.request.user, self.object.pk, expected_version=typed["version"], reason=typed["reason"]
        )


class LetterPdf(PageMixin, View):
    """The sealed PDF of a signed letter, in the reader's language."""

    def get(self, request: HttpRequest, year: int, code: str) -> FileResponse | HttpResponse:
        """The file; made now where the worker has not made it yet."""
        letter = letter_of(request.user, year, code)
        asked = request.GET.get("language") or get_language() or "en"
        language = "zh-hans" if asked.startswith("zh") else "en"
        document = letter_pdf.sealed(letter, language)
        return download(document.file, f"{letter.number}.pdf", "application/pdf")
