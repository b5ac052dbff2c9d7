"""The page to which an invitation leads."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from portal.accounts import invitations
from portal.accounts.models import User
from portal.accounts.password_forms import ResetPasswordKeyForm


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class InvitationPage(FormView):  # type: ignore[type-arg]
    """Choose the first password; then the sign-in page, where the user name stands already."""

    template_name = "accounts/invitation.html"
    form_class = ResetPasswordKeyForm
    invited: User | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Find out whose link it is; one that is over gets a page that says what to do."""
        try:
            self.invited = invitations.invited(kwargs["token"])
        except invitations.InvitationOver as error:
            context = self.get_context_data(form=None, over=str(error))
            return self.render_to_response(context, status=error.status)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The rules look at the person's own names."""
        return super().get_form_kwargs() | {"user": self.invited}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds who is meant."""
        return super().get_context_data(invited=self.invited, **kwargs)

    def form_valid(self, form: ResetPasswordKeyForm) -> HttpResponse:
        """Set it, and lead to the sign-in page."""
        try:
            user = invitations.accept(self.kwargs["token"], form.cleaned_data["password1"])
        except invitations.InvitationOver as error:
            return self.render_to_response(self.get_context_data(form=None, over=str(error)), status=error.status)
        # Read once by the page that follows.
        self.request.session["invited_username"] = user.username
        return HttpResponseRedirect(reverse("accounts:invitation-accepted"))

    def form_invalid(self, form: ResetPasswordKeyForm) -> HttpResponse:
        """Each sentence at its field."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


@never_cache
def accepted(request: HttpRequest) -> HttpResponse:
    """The password is set: the user name, and the way to the sign-in page."""
    username = request.session.pop("invited_username", "")
    return render(request, "accounts/invitation_accepted.html", {"username": username})
