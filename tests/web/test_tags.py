"""The pieces that a page has by the hundred: drawn by one call, as the component draws them."""

from typing import Any, NamedTuple

import pytest
from django.template import Context, Template


class State(NamedTuple):
    code: str = "overdue"
    icon: str = "alert-square"
    text: str = "Overdue <9> days"
    cell_text: str = "9"


def drawn(source: str, **values: Any) -> str:
    return Template(source).render(Context(values)).strip()


@pytest.mark.parametrize("state", [State(), State()._asdict()])
def test_a_cell_is_a_link_that_a_reader_hears_in_full(state: Any) -> None:
    html = drawn('{% cell state "/duties/3/" label %}', state=state, label="Finance & more")
    assert html.startswith('<a class="p-c p-s-overdue" href="/duties/3/"><svg class="p-i "')
    assert '#alert-square"/></svg><span aria-hidden="true">9</span>' in html
    assert '<span class="p-vh">Finance &amp; more: Overdue &lt;9&gt; days</span></a>' in html


def test_the_chosen_cell_says_so() -> None:
    assert 'aria-current="true"' in drawn('{% cell state "/x/" "U" True %}', state=State())


def test_what_is_not_owed_is_said_and_leads_nowhere() -> None:
    assert drawn('{% cell None "" "U" %}') == '<span class="p-vh">not owed</span>'


@pytest.mark.parametrize("size", ["", "bare"])
def test_the_component_and_the_tag_are_the_same(size: str) -> None:
    tag = drawn("{% state_badge state size %}", state=State(), size=size)
    component = drawn('{% include "components/state.html" with state=state size=size only %}', state=State(), size=size)
    assert tag == component
    assert ("p-bare" in tag) == (size == "bare")
    assert "Overdue &lt;9&gt; days" in tag


def test_what_has_ended_has_no_colour() -> None:
    state = State("none", "", "Ended", "")
    assert drawn("{% state_badge state %}", state=state) == '<span class="p-muted">Ended</span>'


def test_an_icon_without_a_name_is_nothing() -> None:
    assert drawn('{% icon "" %}') == ""
