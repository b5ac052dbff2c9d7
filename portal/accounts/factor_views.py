"""Allauth's pages of the second factor, where ours say or do more."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.views import IndexView
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import LoginWebAuthnView, RemoveWebAuthnView
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from portal.accounts import second_factor
from portal.accounts.factor_forms import take_step


class SecondFactorPage(IndexView):
    """What a person has, and what the role asks for."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds whether one is demanded, and the recovery codes left."""
        context: dict[str, Any] = super().get_context_data(**kwargs)
        codes = context["authenticators"].get(Authenticator.Type.RECOVERY_CODES)
        return context | {
            "is_demanded": second_factor.is_demanded(self.request.user),
            "codes_left": len(codes.get_unused_codes()) if codes else 0,
        }


class ActivateApp(ActivateTOTPView):
    """The code that sets up the app cannot be used again to sign in."""

    @transaction.atomic
    def form_valid(self, form: Any) -> HttpResponse:
        """Set it up and take the code's time step."""
        answer: HttpResponse = super().form_valid(form)
        app = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        take_step(app, form.cleaned_data["code"])
        return answer


class RemovePasskey(RemoveWebAuthnView):
    """Not the last factor of somebody who must have one."""

    def form_valid(self, form: Any) -> HttpResponse:
        """Remove it, or say why not."""
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.object):
            form.add_error(None, adapter.validation_error("cannot_delete_authenticator"))
            refused: HttpResponse = self.form_invalid(form)
            return refused
        answer: HttpResponse = super().form_valid(form)
        return answer


class SignInWithPasskey(LoginWebAuthnView):
    """A passkey that is refused leads back to a page that says so."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """The sign-in page."""
        return HttpResponseRedirect(f"{reverse('account_login')}?refused=passkey")


index = SecondFactorPage.as_view()
activate_app = ActivateApp.as_view()
remove_passkey = RemovePasskey.as_view()
sign_in_with_passkey = SignInWithPasskey.as_view()
