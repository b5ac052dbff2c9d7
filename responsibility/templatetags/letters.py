"""How a letter numbers and dates, on the page as on paper."""

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.web import dates
from portal.web.i18n import is_chinese, listed, pick
from responsibility.models import Signature
from responsibility.rules import chinese_number, roman_number

register = template.Library()
# What stands in a sentence of the template where a letter has a name.
NAMES = {
    "group": _("leading group"),
    "unit": _("unit"),
    "leader": _("top leader"),
    "regulations": _("Regulations"),
}

# How a person is known (portal.accounts.services.authentication_of).
FACTORS = {
    "password": _("password at sign-in"),
    "totp": _("code of an app"),
    "webauthn": _("passkey"),
    "recovery_codes": _("recovery code"),
    "password again": _("password typed again under the signature"),
}
GRADES = {"excellent": _("Excellent"), "good": _("Good"), "pass": _("Pass"), "fail": _("Fail")}
LANGUAGES = {"en": _("English"), "zh-hans": _("Chinese")}


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
def authenticated_by(signature: Signature) -> str:
    """How the person was known: password, code of an app, password typed again under the signature."""
    known = [FACTORS[entry["how"]] for entry in signature.authenticated if entry["how"] in FACTORS]
    return listed(known) if known else _t("sign-in and password confirmed")


@register.filter
def shown_before(signature: Signature) -> str:
    """What was on the screen before the signature, in which language, since when."""
    shown = signature.shown
    if not shown:
        return "–"
    told = {
        "language": LANGUAGES.get(shown.get("language", ""), shown.get("language", "")),
        "since": dates.moment(datetime.fromisoformat(shown["at"])),
    }
    if not shown.get("whole"):
        text = _t("%(letters)s letters in a list, and the text they share, in %(language)s, %(since)s")
        return text % (told | {"letters": shown["letters"]})
    told |= {"read": len(shown["parts_reached"]), "total": len(shown["parts"])}
    text = _t("the whole letter, in %(language)s, since %(since)s; %(read)s of %(total)s parts scrolled to their end")
    return text % told


@register.filter
def frozen_day(value: str) -> str:
    """A day of the frozen content in a column: 31 Mar, 3月31日."""
    return dates.short_day(date.fromisoformat(value))


@register.filter
def grade(value: str) -> str:
    """A grade of the assessment in words."""
    return str(GRADES[value])


@register.filter
def at(values: dict[str, Any], key: str) -> str:
    """The value under a key; the key itself where there is none."""
    return str(values.get(key, key))
