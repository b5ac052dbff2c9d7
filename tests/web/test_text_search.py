"""Words of Chinese and English texts: pairs, whole words, phrases, and the passage that is shown."""

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.web.text_search import RUNS, folded, parse, passage

TEXT = "采购人不得单独验收，验收由未参与采购的两人以上签字。Ａｕｄｉｔ after office, ISO 31000."


def found(text: str, typed: str) -> bool:
    """As the database finds it: the words by the index, then the phrases in the text."""
    search = parse(typed)
    with connection.cursor() as cursor:
        cursor.execute("SELECT portal_words(%s) @@ %s::tsquery, portal_folded(%s)", [text, search.query, text])
        held, body = cursor.fetchone()
    return bool(held) and all(phrase in body for phrase in search.phrases)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("采购", True),
        ("采购人", True),
        ("单独验收", True),
        ("采购验收", False),
        ("验", True),
        ("audit", True),
        ("AUDIT 采购", True),
        ("audi", False),
        ("31000", True),
        ("“after office”", True),
        ("“office after”", False),
    ],
)
def test_words_are_found_and_others_are_not(typed: str, expected: bool) -> None:
    """Pairs that do not stand side by side are no word; width and case make no difference."""
    assert found(TEXT, typed) is expected


@pytest.mark.django_db
@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="采购验收审计任用ab1 ，", min_size=2, max_size=30), st.data())
def test_every_run_of_a_text_finds_it(text: str, data: st.DataObject) -> None:
    """Whatever run of characters is taken out of a text finds that text."""
    runs = [run for run in RUNS.findall(folded(text)) if not run.isascii() and len(run) > 1]
    if runs:
        run = data.draw(st.sampled_from(runs))
        start = data.draw(st.integers(0, len(run) - 2))
        assert found(text, run[start : start + data.draw(st.integers(2, len(run) - start))])


def test_signs_alone_are_no_search() -> None:
    """There is nothing to look for in them."""
    assert parse("％ ' \\ ，。").is_empty
    assert not parse("a'b\\").is_empty


def test_the_passage_marks_the_words_and_escapes_the_rest() -> None:
    """It begins a little before what was found."""
    text = "甲" * 100 + "<b>采购</b>" + "乙" * 300
    shown = passage(text, parse("采购"))
    assert "<mark>采购</mark>" in shown
    assert "&lt;b&gt;" in shown
    assert shown.startswith("…") and shown.endswith("…")


def test_where_the_words_are_elsewhere_the_passage_is_the_beginning() -> None:
    """As when the name matches, not the text."""
    assert passage("Only this.", parse("采购")) == "Only this."
