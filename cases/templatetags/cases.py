"""Words that the templates of this room use."""

from decimal import Decimal

from django import template

from cases.punishments import wording

register = template.Library()


@register.filter
def yuan(value: Decimal | None) -> str:
    """1,260,000 yuan, 126万元."""
    return wording.yuan(value)
