"""Inviting many people at once."""

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.organisation import policies
from portal.organisation.filters import parts_of_tree
from portal.organisation.services import invitations
from portal.organisation.services.invitations import Who
from portal.web.i18n import with_note
from portal.web.models import Job
from portal.web.views import VerbView

WHO = (
    (Who.OFFICES.value, _("Top leaders, liaisons and members of leading groups without an account")),
    (Who.STAFF.value, _("Everybody who works there and has no account")),
    (Who.AGAIN.value, _("Again: those who were invited and have not chosen a password")),
)


class InviteForm(forms.Form):
    """Whom to invite: a part of the tree, and who of it."""

    path = forms.ChoiceField(label=_("Part of the tree"))
    who = forms.ChoiceField(label=_("Who"), choices=WHO, widget=forms.RadioSelect, initial=Who.OFFICES.value)

    def __init__(self, *args: Any, places: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["path"].choices = places  # type: ignore[attr-defined]


class InvitePeople(VerbView):
    """Make accounts for everybody of a part of the tree, and write to each how to get in."""

    template_name = "organisation/invite.html"
    title = _("Invite people")
    form_class = InviteForm
    purpose = "invite-people"
    submit_label = _("Make the accounts and send the invitations")
    back_url = "/people/"

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """Coordinators and system administrators."""
        return policies.may_edit_units(user)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The parts that the person edits; a look before it is done fills the form from the address."""
        parts = [
            unit for unit in parts_of_tree(self.request) if policies.may_edit_at(self.request.user, str(unit.path))
        ]
        places = [(str(unit.path), with_note(unit.name, unit.code)) for unit in parts]
        kwargs = super().get_form_kwargs() | {"places": places}
        if self.request.method == "GET" and "path" in self.request.GET:
            kwargs["data"] = self.request.GET
        return kwargs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds how many would be invited, and how many have no address."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        found = None
        if form.is_bound and form.is_valid():
            typed = form.cleaned_data
            found = invitations.preview(self.request.user, typed["path"], Who(typed["who"]))
        return context | {"preview": found, "people_url": reverse("organisation:people")}

    def perform(self, form: InviteForm) -> Job:
        """Begin."""
        return invitations.start_inviting(self.request.user, form.cleaned_data["path"], Who(form.cleaned_data["who"]))

    def get_result_url(self, result: Job) -> str:
        """The progress."""
        return reverse("web:job", args=(result.pk,))
