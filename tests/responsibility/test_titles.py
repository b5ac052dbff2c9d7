"""The title of each verb says what is done, to what, of whom; lists write numbers and days as the house does."""

import re
from datetime import date

import pytest
from django.utils import translation

from portal.obligations import services
from portal.workdays import clock
from responsibility.models import Report
from tests.responsibility.cases import silent
from tests.responsibility.letters import YEAR, ready
from tests.responsibility.reports import BASE, hand_in
from tests.world import World

CASE = "Finance Bureau, Xu Zhixin"


def heading(world: World, who: str, url: str) -> str:
    page = world.client(who).get(url).content.decode()
    found = re.search(r"<h1>(.*?)</h1>", page, re.S)
    assert found is not None
    title = re.search(r"<title>\s*(.*?)\s*·", page, re.S)
    assert title is not None
    assert title[1] == found[1]
    return found[1]


@pytest.mark.parametrize(
    ("who", "verb", "title"),
    [
        ("coordinator", "propose", f"Propose a measure: {CASE}"),
        ("head", "decide", f"Decide the case: {CASE}"),
        ("coordinator", "refer", f"Record the referral: {CASE}"),
        ("leader", "explain", "Explain your case: "),
        ("leader", "object", "Object to the decision: "),
    ],
)
def test_a_verb_of_a_case_says_about_whom(world: World, who: str, verb: str, title: str) -> None:
    case = silent(world)
    found = heading(world, who, f"{case.get_absolute_url()}{verb}/")
    assert found.startswith(title)
    if who == "leader":
        assert "Letter of responsibility" in found


@pytest.mark.parametrize(
    ("verb", "title"), [("accept", "Accept the report"), ("return", "Return the report with remarks")]
)
def test_a_verb_of_a_report_says_which(world: World, report: Report, verb: str, title: str) -> None:
    hand_in(world, report)
    assert heading(world, "coordinator", f"{BASE}{verb}/") == f"{title}: Half-yearly report 2026, Finance Bureau"


def test_a_verb_of_a_letter_says_whose(world: World) -> None:
    letter = ready(world)["B"]
    assert (
        heading(world, "coordinator", f"{letter.get_absolute_url()}withdraw/") == "Withdraw the letter: Finance Bureau"
    )


@pytest.mark.parametrize(
    ("verb", "title"), [("suspend", "Suspend the duty"), ("exempt", "Exempt the unit from the duty")]
)
def test_a_verb_of_a_duty_says_which_of_whom(world: World, verb: str, title: str) -> None:
    duty = services.open_duty(
        "report", world.unit("B").pk, date(2026, 6, 30), label_en="Report A", label_zh="报告", year=YEAR
    )
    assert heading(world, "coordinator", f"/duties/{duty.pk}/{verb}/") == f"{title}: Report A, Finance Bureau"


def test_titles_have_the_punctuation_of_their_language(world: World) -> None:
    duty = services.open_duty(
        "report", world.unit("B").pk, date(2026, 6, 30), label_en="Report A", label_zh="半年报告", year=YEAR
    )
    client = world.client("coordinator")
    client.post("/language/", {"language": "zh-hans", "next": "/"})
    page = client.get(f"/duties/{duty.pk}/").content.decode()
    assert "<h1>半年报告：财政局</h1>" in page
    with translation.override("zh-hans"):
        assert "：" in client.get(f"/duties/{duty.pk}/suspend/").context["title"]


def test_the_number_of_a_case_stands_on_one_line_and_leaves_as_plain_text(world: World) -> None:
    case = silent(world)
    client = world.client("coordinator")
    number = f"{case.year}-{case.serial}"
    assert f'<span class="p-nowrap">{number}</span>' in client.get("/accountability/").content.decode()
    assert f"\n{number}," in client.get("/accountability/?export=csv").content.decode("utf-8-sig").replace("\r", "")


def test_the_list_of_reports_writes_instants_as_the_house_does(world: World, report: Report) -> None:
    hand_in(world, report)
    client = world.client("coordinator")
    local = clock.now().astimezone(clock.zone())
    assert f"2 March 2026, {local:%H:%M}" in client.get("/reports/").content.decode()
    assert f"2026-03-02 {local:%H:%M}" in client.get("/reports/?export=csv").content.decode("utf-8-sig")
