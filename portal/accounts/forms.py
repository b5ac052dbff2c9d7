from django import forms
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.accounts.roles import GRANTED_BY_HAND, Role


class GrantForm(forms.Form):
    """A role for a user over a part of the tree."""

    user = forms.ModelChoiceField(User.objects.filter(is_active=True), label=_("User"), to_field_name="username")
    role = forms.ChoiceField(
        label=_("Role"), choices=lambda: [(role.value, role.label) for role in Role if role in GRANTED_BY_HAND]
    )
    path = forms.ChoiceField(label=_("Part of the tree"))
    reason = forms.CharField(label=_("Reason"), max_length=300, help_text=_("The decision or appointment it rests on."))

    def __init__(self, *args: object, places: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["path"].choices = places  # type: ignore[attr-defined]


class RevokeForm(forms.Form):
    """Why a role ends."""

    reason = forms.CharField(label=_("Reason"), max_length=300)
