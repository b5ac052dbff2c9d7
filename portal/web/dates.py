"""Dates as sentences: "Fri 27 Nov", 11月27日 周五; with the year when it is another than the current one."""

from datetime import date, datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from portal.web.i18n import is_chinese
from portal.workdays import clock
from portal.workdays.calendar import LAST_DECREED_YEAR, provisional_years
from portal.workdays.rules import Calendar

WEEKDAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKDAYS_LONG_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS_ZH = "一二三四五六日"
MONTHS_EN = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS_LONG_EN = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def day(value: date | None) -> str:
    """A day with its weekday, without the year when it is this one's."""
    if value is None:
        return ""
    other_year = value.year != clock.today().year
    if is_chinese():
        year = f"{value.year}年" if other_year else ""
        return f"{year}{value.month}月{value.day}日 周{WEEKDAYS_ZH[value.weekday()]}"
    year = f" {value.year}" if other_year else ""
    return f"{WEEKDAYS_EN[value.weekday()]} {value.day} {MONTHS_EN[value.month - 1]}{year}"


def is_provisional(value: date | None, calendar: Calendar | None = None) -> bool:
    """Whether the holiday notice of the day's year is not out. Without `calendar`, one small query a request."""
    if value is None or value.year <= LAST_DECREED_YEAR:
        return False
    return calendar.is_provisional(value) if calendar is not None else value.year in provisional_years()


def due_day(value: date | None, calendar: Calendar | None = None) -> str:
    """A due day, or the day of a step that is counted from one: as `day`, and marked while its year is provisional.

    Lists, tables and sentences call it wherever such a day is shown: "Mon 4 Jan 2027 (provisional)".
    """
    return provisional_day(value) if is_provisional(value, calendar) else day(value)


def provisional_day(value: date | None) -> str:
    """A day of a year whose holiday notice is not out."""
    return _("%(day)s (provisional)") % {"day": day(value)}


def due_day_inside(value: date | None, calendar: Calendar | None = None) -> str:
    """As `due_day`, where the day stands in brackets already: "Mon 4 Jan 2027, provisional"."""
    if not is_provisional(value, calendar):
        return day(value)
    return _("%(day)s, provisional") % {"day": day(value)}


def month(number: int) -> str:
    """The name of a month: January, 1月."""
    return f"{number}月" if is_chinese() else MONTHS_LONG_EN[number - 1]


def day_of_month(value: date) -> str:
    """A day under the name of its month: Fri 1, 1日 周五."""
    if is_chinese():
        return f"{value.day}日 周{WEEKDAYS_ZH[value.weekday()]}"
    return f"{WEEKDAYS_EN[value.weekday()]} {value.day}"


def full_day(value: date | None) -> str:
    """A day with its year, as documents write it: 24 November 2026, 2026年11月24日."""
    if value is None:
        return ""
    if is_chinese():
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {MONTHS_LONG_EN[value.month - 1]} {value.year}"


def headline(value: date) -> str:
    """A day as the title of a page: Thursday 19 November."""
    if is_chinese():
        return f"{value.month}月{value.day}日 星期{WEEKDAYS_ZH[value.weekday()]}"
    return f"{WEEKDAYS_LONG_EN[value.weekday()]} {value.day} {MONTHS_LONG_EN[value.month - 1]}"


def short_day(value: date | None) -> str:
    """A day in a column's head: 31 Mar, 3月31日."""
    if value is None:
        return ""
    return f"{value.month}月{value.day}日" if is_chinese() else f"{value.day} {MONTHS_EN[value.month - 1]}"


def moment(value: datetime | None) -> str:
    """An instant in the site's zone, to the minute: 24 Nov 2026, 09:41."""
    if value is None:
        return ""
    local = value.astimezone(clock.zone())
    return _("%(day)s, %(time)s") % {"day": full_day(local.date()), "time": f"{local:%H:%M}"}


def parse(text: str) -> date:
    """A day out of what people write: 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日. Raises ValueError with a sentence."""
    plain = text.strip().replace("年", "-").replace("月", "-").replace("日", "").replace("/", "-").replace(".", "-")
    parts = plain.split("-")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts) or len(parts[0]) != 4:
        raise ValueError(_("“%(text)s” is not a date. Write it as 2026-12-02.") % {"text": text})
    year, month, number = (int(part) for part in parts)
    if not 1 <= month <= 12:
        raise ValueError(_("There is no month %(month)s. Write it as 2026-12-02.") % {"month": month})
    try:
        return date(year, month, number)
    except ValueError as error:
        sentence = pgettext("date", "Month %(month)s of %(year)s has no day %(day)s.")
        raise ValueError(sentence % {"month": month, "year": year, "day": number}) from error
