"""What a report must say before it can be handed in: pure decisions on plain values."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from responsibility.report_parts import CLEAN, NOT_REACHED, ON_THE_WAY, REACHED, WORK, ReportField


class Missing(NamedTuple):
    """A field that stops the report, named as the form names it, with the sentence people read there."""

    part: str
    field: str
    sentence: str | Promise


def missing(
    work: Mapping[str, Any], targets: Mapping[str, Mapping[str, Any]], clean: Mapping[str, Any], codes: Sequence[str]
) -> list[Missing]:
    """Everything that stops the report from being handed in, part by part; `codes` are the letter's targets."""
    found = [*_empty("work", WORK, work)]
    for code in codes:
        found += _target(code, targets.get(code, {}))
    return [*found, *_empty("clean", CLEAN, clean)]


def _empty(part: str, fields: Sequence[ReportField], values: Mapping[str, Any]) -> Iterable[Missing]:
    for field in fields:
        if field.required and not str(values.get(field.code, "")).strip():
            yield Missing(part, f"{part}-{field.code}", _("Fill this in. Write “none” if there is nothing to report."))


def _target(code: str, answer: Mapping[str, Any]) -> Iterable[Missing]:
    def lacks(field: str) -> bool:
        return not str(answer.get(field, "")).strip()

    state = answer.get("state")
    if state not in (REACHED, ON_THE_WAY, NOT_REACHED):
        yield Missing("targets", f"target-{code}-state", _("Say how far this target is."))
        return
    if lacks("figure"):
        yield Missing("targets", f"target-{code}-figure", _("State the figure, or what was done."))
    if state == NOT_REACHED:
        if lacks("explanation"):
            yield Missing("targets", f"target-{code}-explanation", _("Say why the target was not reached."))
        if lacks("remedy"):
            yield Missing("targets", f"target-{code}-remedy", _("Say what you do about it."))
        if lacks("remedy_on"):
            yield Missing("targets", f"target-{code}-remedy_on", _("Say by when it will be done."))


def copied(part: Mapping[str, Any], earlier: Mapping[str, Any]) -> list[str]:
    """The fields whose text is word for word that of an earlier report; short answers do not count."""
    return [
        field
        for field, text in part.items()
        if isinstance(text, str) and len(text.strip()) > 20 and text.strip() == str(earlier.get(field, "")).strip()
    ]


def is_date(text: str) -> bool:
    """Whether `text` is a day as 2026-12-02."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
