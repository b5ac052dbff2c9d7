"""Accounts of persons."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.organisation import policies, services
from portal.organisation.forms import AccountForm
from portal.organisation.models import Person
from portal.web.errors import NotAllowed
from portal.web.i18n import with_note
from portal.web.views import ObjectPage, VerbView

# Where the session keeps a temporary password, by employee number, until it is shown.
KEPT = "temporary_password"


class CreateAccount(VerbView):
    """Make an account for a person who holds a post in one's part of the tree."""

    template_name = "organisation/account.html"
    title = _("Make an account")
    form_class = AccountForm
    purpose = "create-account"
    submit_label = _("Make the account")
    back_url = "/units/"

    @staticmethod
    def policy(user: User, person: Person) -> bool:
        """Coordinators and system administrators of every part of the tree in which the person holds office."""
        return policies.may_make_account(user, person)

    def get_object(self) -> Person:
        """A person with a post in the person's part of the tree."""
        return Person.objects.visible_to(self.request.user).get(employee_no=self.kwargs["number"])

    def get_lede(self) -> str:
        """For whom."""
        return with_note(self.object.name, self.object.employee_no)

    def get_initial(self) -> dict[str, Any]:
        """The employee number serves as a user name."""
        return {"username": self.object.employee_no.lower()}

    def perform(self, form: AccountForm) -> Person:
        """Make it; the temporary password is shown once, on the next page."""
        _user, password = services.create_account(
            self.request.user, person=self.object, username=form.cleaned_data["username"]
        )
        self.request.session[KEPT] = {self.object.employee_no: password}
        return Person.objects.get(pk=self.object.pk)

    def get_result_url(self, result: Person) -> str:
        """The page that shows the password."""
        return reverse("organisation:account-made", args=(result.employee_no,))


class AccountMade(ObjectPage):
    """The temporary password, shown once."""

    template_name = "organisation/account_made.html"
    title = _("The account is made")

    def get_object(self) -> Person:
        """The person."""
        seen = Person.objects.visible_to(self.request.user).filter(user__isnull=False)
        person = seen.get(employee_no=self.kwargs["number"])
        if not policies.may_make_account(self.request.user, person):
            raise NotAllowed
        return person

    def allowed(self, user: User) -> bool:
        """Who makes accounts anywhere."""
        return policies.may_edit_units(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Takes the password out of the session."""
        password = self.request.session.pop(KEPT, {}).get(self.object.employee_no, "")
        return super().get_context_data(person=self.object, password=password, **kwargs)
