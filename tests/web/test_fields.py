"""Days as people type them, and the sentences for those that are none."""

from datetime import date

import pytest
from django import forms

from portal.web.fields import DayField


class Typed(forms.Form):
    day = DayField()
    since = DayField(since=1950, required=False)


def typed(day: str, since: str = "") -> Typed:
    return Typed({"day": day, "since": since})


@pytest.mark.parametrize(
    "text", ["2026-12-02", "2026/12/2", "2026.12.2", "2026年12月2日", " 2026-12-02 ", date(2026, 12, 2)]
)
def test_a_day_is_read_as_people_write_it(text: str) -> None:
    form = typed(text)
    assert form.is_valid()
    assert form.cleaned_data["day"] == date(2026, 12, 2)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2026-13-02", "There is no month 13. Write it as 2026-12-02."),
        ("2026-02-30", "Month 2 of 2026 has no day 30."),
        ("tomorrow", "“tomorrow” is not a date. Write it as 2026-12-02."),
        ("", "Fill this in."),
    ],
)
def test_what_is_no_day_is_told_in_a_sentence(text: str, sentence: str) -> None:
    assert typed(text).errors["day"] == [sentence]


@pytest.mark.parametrize("text", ["9999-12-31", "0001-01-01", "2014-12-31"])
def test_a_day_lies_in_the_years_of_the_calendar(text: str) -> None:
    (sentence,) = typed(text).errors["day"]
    assert sentence.startswith("Give a day between 1 January 2015 and 31 December ")


def test_a_day_that_nothing_is_counted_from_may_lie_earlier() -> None:
    assert typed("2026-01-01", "1998-07-01").is_valid()


def test_a_stored_day_is_shown_as_the_browsers_field_reads_it() -> None:
    assert 'type="date"' in str(Typed(initial={"day": date(2026, 12, 2)})["day"])
    assert 'value="2026-12-02"' in str(Typed(initial={"day": date(2026, 12, 2)})["day"])
