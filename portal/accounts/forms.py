from collections.abc import Sequence

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.places import offices_of
from portal.accounts.roles import GRANTED_BY_HAND, Role
from portal.web.i18n import with_note
from portal.web.picking import OFFERED, Candidate, PickForm

CHOOSE = ("", _("Choose"))


class GrantForm(PickForm):
    """A role for a user over a part of the tree."""

    picked = "user"
    unknown = _("No account has the name or user name “%(text)s”.")

    user = forms.CharField(
        label=_("User"),
        max_length=200,
        help_text=_("Name or user name."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    role = forms.ChoiceField(
        label=_("Role"),
        choices=lambda: [CHOOSE, *((role.value, role.label) for role in Role if role in GRANTED_BY_HAND)],
    )
    path = forms.ChoiceField(label=_("Part of the tree"))
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("The decision or appointment it rests on."))

    def __init__(self, *args: object, places: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["path"].choices = [CHOOSE, *places]  # type: ignore[attr-defined]

    def candidates(self, words: str) -> Sequence[Candidate]:
        """An exact user name wins; else who has the words in either name or the user name."""
        active = User.objects.filter(is_active=True)
        found = list(active.filter(username__iexact=words)[:1]) or list(active.filter(_named(words))[: OFFERED + 1])
        held = offices_of(found)
        return [Candidate(user.username, _described(user, held.get(user.pk, "")), user) for user in found]


def _named(words: str) -> Q:
    english = Q(pk__isnull=False)
    for word in words.split():
        english &= Q(name_en__icontains=word)
    return english | Q(name_zh__contains="".join(words.split())) | Q(username__icontains=words)


def _described(user: User, office: str) -> str:
    name = _t("%(name)s, %(office)s") % {"name": user.name, "office": office} if office else user.name
    return with_note(name, user.username)


class RevokeForm(forms.Form):
    """Why a role ends."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
