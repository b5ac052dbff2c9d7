"""Looking at a report before it is handed in: every answer in order, the way to its field and back."""

import re

from responsibility.models import Part, Report
from responsibility.report_parts import CLEAN, WORK
from tests.responsibility.letters import fresh
from tests.responsibility.reports import BASE, fill, written
from tests.world import World

FIELD = re.compile(r'<div id="answer-([^"]+)"')


def check(world: World) -> str:
    return " ".join(world.client("leader").get(f"{BASE}submit/").content.decode().split())


def test_every_answer_of_the_three_parts_is_shown_in_order(world: World, report: Report) -> None:
    fill(world, report)
    targets = [
        f"target-{code}-{key}" for code in fresh()["B"].target_codes() for key in ("figure", "state", "evidence")
    ]
    work, clean = ([f"{part}-{f.code}" for f in fields] for part, fields in (("work", WORK), ("clean", CLEAN)))
    page = check(world)
    assert FIELD.findall(page) == [*work, *targets, *clean]
    assert page.count("Training for all, on 12 May.") == len(WORK)
    assert page.count("Secret of the leader.") == len(CLEAN)
    assert page.index("answer-clean-statement") < page.index('type="submit"> Hand in the report')


def test_each_answer_leads_to_its_field_and_back_to_itself(world: World, report: Report) -> None:
    fill(world, report)
    links = re.findall(r'<a href="([^"]+)">Change<', check(world))
    assert len(links) == len(FIELD.findall(check(world)))
    for link in links:
        url, _hash, anchor = link.replace("&amp;", "&").partition("#")
        field = world.client("leader").get(url).content.decode()
        assert f'id="{anchor}"' in field
        assert f'href="{BASE}submit/#answer-{anchor.removeprefix("div_id_")}"' in field


def test_saving_there_goes_back_to_the_answer(world: World, report: Report) -> None:
    fill(world, report)
    values = written(world)[Part.WORK] | {"work-summary": "Changed.", "version": str(report.version)}
    done = world.client("leader").post(f"{BASE}work/?back=check&at=work-summary", values)
    assert done["Location"] == f"{BASE}submit/#answer-work-summary"
    assert "Changed." in check(world)


def test_a_target_that_is_folded_is_open_where_it_is_to_be_changed(world: World, report: Report) -> None:
    fill(world, report)
    code = fresh()["B"].target_codes()[0]
    for at, folded in ((f"target-{code}-figure", False), ("", True)):
        page = world.client("leader").get(f"{BASE}targets/?back=check&at={at}").content.decode()
        assert (f'<details class="p-target" id="target-{code}">' in page) is folded


def test_what_is_missing_stands_at_its_answer(world: World, report: Report) -> None:
    page = check(world)
    assert re.search(r'id="answer-work-summary" class="p-err"> <dt>Summary</dt> <dd> <p class="p-ferr">', page)
    assert "Nothing written" in page


def test_an_answer_that_is_not_the_reports_own_leads_nowhere_else(world: World, report: Report) -> None:
    fill(world, report)
    page = world.client("leader").get(f"{BASE}work/?back=check&at=//evil.example").content.decode()
    assert f'href="{BASE}submit/"' in page
    assert "evil.example" not in page.split("<form")[-1].split("p-btns")[-1]


def test_a_liaison_who_may_not_hand_in_goes_back_to_the_report(world: World, report: Report) -> None:
    page = world.client("liaison").get(f"{BASE}work/?back=check&at=work-summary").content.decode()
    assert "Back to the check" not in page


def test_what_is_needed_at_handing_in_is_not_called_optional(world: World, report: Report) -> None:
    page = " ".join(world.client("leader").get(f"{BASE}work/").content.decode().split())
    assert '<label for="id_work-summary">Summary</label>' in page
    assert '<label for="id_work-difficulties">Difficulties <span class="p-caps">(optional)</span></label>' in page
    targets = " ".join(world.client("leader").get(f"{BASE}targets/").content.decode().split())
    assert targets.count("(optional)") == len(fresh()["B"].target_codes())
