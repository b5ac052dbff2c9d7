"""The demo's sign-ins, for its sign-in page alone."""

from types import SimpleNamespace

from django import template

from portal.demo import district

register = template.Library()


@register.simple_tag
def sign_ins() -> list[SimpleNamespace]:
    """Role, user name and password of each sign-in."""
    return [
        SimpleNamespace(
            role_en=entry["role"], role_zh=entry["role_zh"], username=entry["username"], password=entry["password"]
        )
        for entry in district.sign_ins()
    ]
