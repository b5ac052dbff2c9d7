"""How a letter numbers and dates, on the page as on paper."""

from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext_lazy as _

from portal.web import dates
from portal.web.i18n import is_chinese, pick
from responsibility.rules import chinese_number, roman_number

register = template.Library()
# What stands in a sentence of the template where a letter has a name.
NAMES = {
    "group": _("leading group"),
    "unit": _("unit"),
    "leader": _("top leader"),
    "regulations": _("Regulations"),
}


@register.filter
def part_no(value: int) -> str:
    """The number of a part: II., 二、."""
    return f"{chinese_number(value)}、" if is_chinese() else f"{roman_number(value)}. "


@register.filter
def clause_no(value: int) -> str:
    """The number of a clause: 4., （四）."""
    return f"（{chinese_number(value)}）" if is_chinese() else f"{value}. "


@register.filter
def proof_text(target: Any) -> str:
    """What proves a target, frozen or of a draft: plan, minutes; 年度计划、会议纪要.

    Letters issued before evidence had words in both languages keep bare codes, which no reader is shown.
    """
    proofs = target["evidence"] if isinstance(target, dict) else target.evidence
    words = [str(pick(proof)) for proof in proofs if isinstance(proof, dict)]
    return ("、" if is_chinese() else ", ").join(words)


@register.filter
def with_names(sentence: str) -> str:
    """A sentence of the template with ‹unit› where the unit's name is put in, and so with the others."""
    for name, shown in NAMES.items():
        sentence = sentence.replace(f"%({name})s", f"‹{shown}›")
    return sentence.replace("%%", "%")


@register.filter
def frozen_day(value: str) -> str:
    """A day of the frozen content in a column: 31 Mar, 3月31日."""
    return dates.short_day(date.fromisoformat(value))
