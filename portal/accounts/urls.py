from allauth.account import views as allauth
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import include, path, re_path

from portal.accounts import (
    approval_views,
    chain_views,
    factor_views,
    invitation_views,
    log_views,
    session_views,
    views,
)

# Allauth's own names, under our words; there is no sign-up.
sign_in = [
    path("sign-in/", allauth.login, name="account_login"),
    path("sign-out/", allauth.logout, name="account_logout"),
    path("password/change/", allauth.password_change, name="account_change_password"),
    path("password/reset/", allauth.password_reset, name="account_reset_password"),
    path("password/reset/sent/", allauth.password_reset_done, name="account_reset_password_done"),
    # Only the first dash parts the two: a key has dashes of its own.
    re_path(
        r"^password/reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        allauth.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/done/",
        allauth.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("sign-in/again/", allauth.reauthenticate, name="account_reauthenticate"),
    path("sign-in/inactive/", allauth.account_inactive, name="account_inactive"),
]
second_factor = [
    path("second-factor/", factor_views.index, name="mfa_index"),
    path("second-factor/app/", factor_views.activate_app, name="mfa_activate_totp"),
    path("second-factor/app/remove/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/recovery-codes/", recovery_codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second-factor/recovery-codes/new/", recovery_codes.generate_recovery_codes, name="mfa_generate_recovery_codes"
    ),
    path("second-factor/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("second-factor/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("second-factor/passkeys/<int:pk>/rename/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("second-factor/passkeys/<int:pk>/remove/", factor_views.remove_passkey, name="mfa_remove_webauthn"),
    path("sign-in/second-factor/", mfa.authenticate, name="mfa_authenticate"),
    path("sign-in/passkey/", factor_views.sign_in_with_passkey, name="mfa_login_webauthn"),
    path("sign-in/again/code/", mfa.reauthenticate, name="mfa_reauthenticate"),
    path("sign-in/again/passkey/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("sessions/", session_views.SessionsPage.as_view(), name="usersessions_list"),
]
own = [
    path("invitation/accepted/", invitation_views.accepted, name="invitation-accepted"),
    path("invitation/<str:token>/", invitation_views.InvitationPage.as_view(), name="invitation"),
    path("sessions/stay/", session_views.stay, name="stay"),
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
    path("roles/", views.GrantsPage.as_view(), name="roles"),
    path("roles/grant/", views.GrantRole.as_view(), name="grant-role"),
    path("roles/<int:pk>/revoke/", views.RevokeRole.as_view(), name="revoke-role"),
    path("roles/proposals/<int:pk>/", approval_views.ProposalPage.as_view(), name="proposal"),
    path("roles/proposals/<int:pk>/approve/", approval_views.ApproveProposal.as_view(), name="approve-proposal"),
    path("roles/proposals/<int:pk>/decline/", approval_views.TurnDownProposal.as_view(), name="turn-down-proposal"),
    path("log/", log_views.LogPage.as_view(), name="log"),
    path("log/chain/", chain_views.ChainPage.as_view(), name="chain"),
    path("log/chain/verify/", chain_views.VerifyChain.as_view(), name="verify-chain"),
    path("log/<slug:kind>/<str:key>/", log_views.HistoryPage.as_view(), name="history"),
]
urlpatterns = [*sign_in, *second_factor, path("", include((own, "accounts")))]
