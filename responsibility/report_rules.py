"""When a report is written and what it must say before it can be handed in: pure decisions on plain values."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.web.errors import WrongState
from responsibility.errors import PeriodClosed, PeriodNotOpen
from responsibility.report_parts import (
    CLEAN,
    MAX_LENGTH,
    NOT_REACHED,
    ON_THE_WAY,
    REACHED,
    TARGET_LIMITS,
    WORK,
    ReportField,
)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def last_day(closes_on: date | None, due_on: date) -> date | None:
    """The last day on which a report is taken; None: it is always taken.

    Who was given more time, or has a report to correct, is not shut out before the day that was set for it.
    """
    return None if closes_on is None else max(closes_on, due_on)


def out_of_time(
    on: date, *, opens_on: date, closes_on: date | None, due_on: date, stands_still: bool
) -> WrongState | None:
    """Why nothing is taken on a day: not open yet, or closed; `due_on` is the day of the duty in force.

    A duty that stands still (suspended, or its post vacant) does not close: its day moves with it.
    """
    if on < opens_on:
        return PeriodNotOpen(opens_on)
    last = last_day(closes_on, due_on)
    return PeriodClosed() if last is not None and on > last and not stands_still else None


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
        elif len(str(values.get(field.code, ""))) > MAX_LENGTH:
            yield Missing(part, f"{part}-{field.code}", too_long(MAX_LENGTH))


def _target(code: str, answer: Mapping[str, Any]) -> Iterable[Missing]:
    def lacks(field: str) -> bool:
        return not str(answer.get(field, "")).strip()

    yield from _unfit(code, answer)
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


def _unfit(code: str, answer: Mapping[str, Any]) -> Iterable[Missing]:
    """What was kept as it was typed and cannot be handed in so: texts too long for their field, a day that is none."""
    for key, most in TARGET_LIMITS.items():
        if len(str(answer.get(key, ""))) > most:
            yield Missing("targets", f"target-{code}-{key}", too_long(most))
    day = str(answer.get("remedy_on", "")).strip()
    if day and not is_date(day):
        yield Missing("targets", f"target-{code}-remedy_on", no_date(day))


def too_long(most: int) -> str:
    """The sentence at a text that is longer than its field."""
    return _t("This is longer than %(most)s characters. Shorten it.") % {"most": most}


def no_date(text: str) -> str:
    """The sentence at a day that is none."""
    return _t("“%(text)s” is not a date. Write it as 2026-12-02.") % {"text": text}


def copied(part: Mapping[str, Any], earlier: Mapping[str, Any]) -> list[str]:
    """The fields whose text is word for word that of an earlier report; short answers do not count."""
    return [
        field
        for field, text in part.items()
        if isinstance(text, str) and len(text.strip()) > 20 and text.strip() == str(earlier.get(field, "")).strip()
    ]


def is_date(text: str) -> bool:
    """Whether `text` is a day as 2026-12-02; other forms that ISO 8601 knows (20261202, 2026-W49-3) are not."""
    if not _DAY.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
