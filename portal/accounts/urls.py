from allauth.account import views as allauth
from django.urls import include, path, re_path

from portal.accounts import log_views, views

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
own = [
    path("language/", views.language, name="language"),
    path("theme/", views.theme, name="theme"),
    path("roles/", views.GrantsPage.as_view(), name="roles"),
    path("roles/grant/", views.GrantRole.as_view(), name="grant-role"),
    path("roles/<int:pk>/revoke/", views.RevokeRole.as_view(), name="revoke-role"),
    path("log/", log_views.LogPage.as_view(), name="log"),
]
urlpatterns = [*sign_in, path("", include((own, "accounts")))]
