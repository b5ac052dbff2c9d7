"""Dates as people read and write them."""

from datetime import date

import pytest
from django.utils import translation

from portal.web import dates
from portal.workdays import clock


@pytest.mark.parametrize(
    "text", ["2026-03-01", "2026/3/1", "2026.3.1", "2026年3月1日", " 2026-3-01 ", "2026年03月01日"]
)
def test_a_date_is_read_however_it_is_written(text: str) -> None:
    assert dates.parse(text) == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("2026-13-02", "There is no month 13. Write it as 2026-12-02."),
        ("2026-02-30", "Month 2 of 2026 has no day 30."),
        ("soon", "“soon” is not a date. Write it as 2026-12-02."),
        ("01/03/2026", "“01/03/2026” is not a date. Write it as 2026-12-02."),
        ("2026-3", "“2026-3” is not a date. Write it as 2026-12-02."),
        ("2026-²-1", "“2026-²-1” is not a date. Write it as 2026-12-02."),
        ("", "“” is not a date. Write it as 2026-12-02."),
    ],
)
def test_a_date_that_is_no_date_is_told_in_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(ValueError) as error:
        dates.parse(text)
    assert str(error.value) == sentence


@pytest.mark.parametrize(
    ("language", "near", "far"),
    [("en", "Fri 27 Nov", "Mon 4 Jan 2027"), ("zh-hans", "11月27日 周五", "2027年1月4日 周一")],
)
def test_the_year_is_said_when_it_is_another(language: str, near: str, far: str) -> None:
    with clock.frozen(date(2026, 11, 24)), translation.override(language):
        assert dates.day(date(2026, 11, 27)) == near
        assert dates.day(date(2027, 1, 4)) == far


def test_no_date_is_no_word() -> None:
    assert dates.day(None) == dates.full_day(None) == dates.short_day(None) == dates.moment(None) == ""
