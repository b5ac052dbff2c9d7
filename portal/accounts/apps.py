from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, roles over a part of the tree, sign-in."""

    name = "portal.accounts"
