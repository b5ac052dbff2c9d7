"""Signing: the head's batch, the leader's letter, the receipt."""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.accounts.services import authentication_of, confirm_password
from portal.obligations import owed
from portal.obligations.presentation import state_of
from portal.web.views import ObjectPage, VerbView
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility import evidence, policies
from responsibility.errors import WrongPassword
from responsibility.letter_forms import SignBatchForm, SignLetterForm
from responsibility.models import Letter, LetterState, Side, Signature
from responsibility.services import letters
from responsibility.views.letters import letter_of, signatures_of

# Up to so many letters of a group are listed; more are signed as a whole, or so many after so many.
LISTED = 200


class _Shown(NamedTuple):
    """A group on the page: its letters to choose from, or itself as a whole."""

    batch: letters.Batch
    rows: list[Letter]
    value: str
    chosen: set[int]
    is_chosen: bool

    @classmethod
    def of(cls, batch: letters.Batch, waiting: "QuerySet[Letter]", posted: QueryDict, *, single: bool) -> "_Shown":
        """As it was posted; all is chosen on a page not posted yet, but on one that was asked for to choose."""
        value = f"{batch.group.pk}-{batch.last_serial}"
        listed = list(waiting.filter(group=batch.group)[:LISTED]) if single or batch.total <= LISTED else []
        if posted:
            wanted = set(posted.getlist("letters"))
            chosen = {letter.pk for letter in listed if str(letter.pk) in wanted}
            wholes = {whole.partition("-")[0] for whole in posted.getlist("wholes")}
            return cls(batch, listed, value, chosen, is_chosen=str(batch.group.pk) in wholes)
        return cls(batch, listed, value, {letter.pk for letter in listed}, is_chosen=True)


class SignBatch(VerbView):
    """The head of a leading group signs the letters that wait, one by one or all of a group."""

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
        count = sum(batch.total for batch in self.batches)
        text = ngettext("%(count)s letter waits for you.", "%(count)s letters wait for you.", count)
        return text % {"count": count}

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The letters."""
        return [(_t("Letters"), self.get_back_url())]

    def get_back_url(self) -> str:
        """The letters."""
        return reverse("responsibility:letters-of-year", args=(self.kwargs["year"],))

    @cached_property
    def batches(self) -> list[letters.Batch]:
        """What waits for this head, by group; `?group=` asks for one of them."""
        found = letters.batches_for(self.request.user, self.kwargs["year"])
        asked = self.request.GET.get("group", "")
        return [batch for batch in found if str(batch.group.pk) == asked] or found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what waits by group, and the common text by the first letter."""
        year, waiting = self.kwargs["year"], letters.waiting_for(self.request.user, self.kwargs["year"])
        single = "group" in self.request.GET
        groups = [_Shown.of(batch, waiting, self.request.POST, single=single) for batch in self.batches]
        first = waiting.values_list("pk", flat=True).first()
        letter = Letter.objects.select_related("unit").get(pk=first) if first else None
        return super().get_context_data(groups=groups, letter=letter, year=year, single=single, **kwargs)

    def perform(self, form: SignBatchForm) -> int:
        """Sign what was chosen."""
        if not confirm_password(self.request, form.cleaned_data["password"]):
            raise WrongPassword
        return letters.sign_for_group(
            self.request.user,
            year=self.kwargs["year"],
            letter_ids=form.cleaned_data["letters"],
            wholes=form.cleaned_data["wholes"],
            typed_name=form.cleaned_data["typed_name"],
            proof=evidence.Proof(authenticated=authentication_of(self.request)),
        )

    def get_result_url(self, result: int) -> str:
        """The letters, with how many were signed."""
        return f"{self.get_back_url()}?signed={result}"


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

    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """The letter and the box; the receipt where the person has signed."""
        signed = Signature.objects.filter(letter=self.object, side=Side.UNIT, person__user=request.user)
        if self.object.state == LetterState.SIGNED and signed.exists():
            return HttpResponseRedirect(self._receipt())
        return super().get(request, *args, **kwargs)

    def get_object(self) -> Letter:
        """The unit's letter."""
        return letter_of(self.request.user, self.kwargs["year"], self.kwargs["code"])

    def get_lede(self) -> str:
        """As whom one signs."""
        return _t("You sign as the first responsible person of %(unit)s. Your signature completes the letter.") % {
            "unit": self.object.unit.name
        }

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The letter."""
        return [(_t("Letter of responsibility %(year)s") % self.kwargs, self.object.get_absolute_url())]

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown, and what is shown of it."""
        return {"version": self.object.version, "shown": evidence.shown_token(self.object, self.request.user)}

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
        shown = evidence.read_shown(typed["shown"], self.object, self.request.user, typed["parts"])
        return letters.sign_for_unit(
            self.request.user,
            self.object.pk,
            expected_version=typed["version"],
            read=typed["read"],
            typed_name=typed["typed_name"],
            proof=evidence.Proof(shown, authentication_of(self.request)),
        )

    def get_result_url(self, result: Signature) -> str:
        """The receipt."""
        return self._receipt()

    def _receipt(self) -> str:
        return reverse("responsibility:signed", args=(self.kwargs["year"], self.kwargs["code"]))


class SignedPage(ObjectPage):
    """The receipt of a signature, for who gave it."""

    template_name = "responsibility/signed.html"
    title = _("You have signed the letter")

    def get_object(self) -> Letter:
        """The letter that the person signed."""
        letter = letter_of(self.request.user, self.kwargs["year"], self.kwargs["code"])
        self.signature = letter.signatures.get(side=Side.UNIT, person__user=self.request.user)
        return letter

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the signature, whether it came in time, and the targets still to come."""
        letter, today = self.object, clock.today()
        coming = sorted((t for t in letter.targets if date.fromisoformat(t["due_on"]) >= today), key=_due)
        return super().get_context_data(
            letter=letter,
            signature=self.signature,
            signatures=signatures_of(letter),
            state=state_of(letter.obligation, today, load_calendar()),
            coming=coming,
            following=owed.next_of(self.request.user, today, load_calendar()),
            **kwargs,
        )


def _due(target: dict[str, Any]) -> str:
    return str(target["due_on"])
