"""What a cell says, whichever sheet it stands in. Whatever is wrong is a NotKnown with the sentence for it."""

from collections.abc import Iterator, Mapping
from datetime import date

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from portal.organisation.importing.columns import LIMITS, NotKnown
from portal.organisation.models import CODE, FIRST_DAY, LAST_DAY
from portal.web import dates

# How other programs write "open-ended" in a column of last days.
OPEN_ENDED = date(9999, 12, 31)
SHORT = min(LIMITS.values())
CODES = ("unit_code", "employee_no")


def not_storable(cells: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Column and reason of each cell that is too long, no code, or holds what no text may."""
    for column, text in cells.items():
        if len(text) > SHORT and len(text) > (limit := LIMITS.get(column, len(text))):
            reason = _("This is too long: %(length)s characters. At most %(limit)s can be kept.")
            yield column, reason % {"length": len(text), "limit": limit}
        if "\x00" in text:
            yield column, _("There is a character in this cell that cannot be kept. Type the cell again.")
    for column in CODES:
        try:
            CODE(cells.get(column) or "1")
        except ValidationError as error:
            yield column, str(error.message)


def email(text: str) -> str:
    """An e-mail address, or nothing. Raises NotKnown."""
    try:
        validate_email(text or "a@example.org")
    except ValidationError as error:
        raise NotKnown(_("“%(text)s” is not an e-mail address.") % {"text": text}) from error
    return text


def day(text: str, *, open_ended: bool = False) -> date | None:
    """A day, or nothing; the last day of 9999 is nothing too where a time may be `open_ended`. Raises NotKnown."""
    if not text:
        return None
    try:
        found = dates.parse(text)
    except ValueError as error:
        raise NotKnown(str(error)) from error
    if open_ended and found == OPEN_ENDED:
        return None
    if not FIRST_DAY <= found <= LAST_DAY:
        raise NotKnown(_("The day must lie between 1949 and 2100. No last day: leave the cell empty."))
    return found
