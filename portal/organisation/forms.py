from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.organisation.models import FIRST_DAY, LAST_DAY, LeadingGroup, Person, Unit
from portal.organisation.wording import persons_in_words
from portal.web.fields import DayField
from portal.web.i18n import with_note
from portal.web.picking import OFFERED, Candidate, PickForm
from portal.workdays import clock

LIKELY = "likely-persons"


def office_day(**kwargs: Any) -> DayField:
    """A day of an office; nothing is counted from it."""
    return DayField(since=FIRST_DAY.year, until=LAST_DAY.year, **kwargs)


class UnitPickForm(PickForm):
    """A form that names a unit by typed words. Its field is `unit`."""

    picked = "unit"
    unknown = _("No unit matches “%(text)s”.")

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        self.by = by
        super().__init__(*args, **kwargs)

    def candidates(self, words: str) -> list[Candidate]:
        """By code or name; a single one where they say it exactly."""
        seen = Unit.objects.visible_to(self.by).active()
        exact = [unit for name in ("code", "name_zh", "name_en") for unit in seen.filter(**{name: words})[:2]]
        found = exact[:1] if len({unit.pk for unit in exact}) == 1 else list(seen.search(words)[: OFFERED + 1])
        return [Candidate(unit.code, with_note(unit.name, unit.code), unit) for unit in found]


class PersonForm(PickForm):
    """Somebody whom the portal knows, by name, pinyin, initials or employee number."""

    picked = "person"
    unknown = _("“%(text)s” is nobody's name in your part of the tree. Of others the employee number is needed.")

    person = forms.CharField(
        label=_("Person"),
        max_length=200,
        help_text=_(
            "Name, pinyin, initials or employee number of a person whom the portal knows; import others first."
        ),
        widget=forms.TextInput(attrs={"list": LIKELY, "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, by: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.by = by
        if "starts_on" in self.fields:
            self.fields["starts_on"].initial = clock.today()

    def candidates(self, words: str) -> Sequence[Candidate]:
        """An exact number wins, wherever the person is; names are looked for in one's own part of the tree."""
        exact = list(Person.objects.filter(employee_no__iexact=words)[:2])
        exact = [p for p in exact if p.employee_no == words] or exact
        found = exact[:1] or list(Person.objects.visible_to(self.by).search(words)[: OFFERED + 1])
        labels = dict(persons_in_words(found))
        return [Candidate(p.employee_no, labels[p.employee_no], p) for p in found]


class AppointForm(PersonForm):
    """Who holds a post from when."""

    starts_on = office_day(label=_("In office since"))
    ends_on = office_day(label=_("Until"), required=False, help_text=_("Empty: open-ended."))


class HandoverForm(PersonForm):
    """Who takes a post over, and from when."""

    starts_on = office_day(
        label=_("In office from"), help_text=_("Whoever holds the post does so until the day before.")
    )


class SeatForm(PersonForm):
    """Who sits in a leading group from when."""

    is_head = forms.TypedChoiceField(
        label=_("Seat"),
        choices=(("member", _("Member")), ("head", _("Head"))),
        coerce=lambda value: value == "head",
        widget=forms.RadioSelect,
        initial="member",
    )
    starts_on = office_day(label=_("In the group since"))
    ends_on = office_day(label=_("Until"), required=False, help_text=_("Empty: open-ended."))


class EndForm(forms.Form):
    """The last day of a tenure."""

    ends_on = office_day(label=_("Last day in office"))


class UnseatForm(forms.Form):
    """The last day in a leading group."""

    ends_on = office_day(label=_("Last day in the group"))


class GroupForm(forms.ModelForm):  # type: ignore[type-arg]
    """The names of a leading group."""

    class Meta:
        model = LeadingGroup
        fields = ("name_zh", "name_en")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name_en"].required = False
        self.fields["name_en"].help_text = _("Empty: as in Chinese.")


class AccountForm(forms.Form):
    """The user name of a new account."""

    username = forms.RegexField(
        r"^[\w.@+-]+$", label=_("User name"), max_length=80, help_text=_("Letters, figures and . @ + - _")
    )
