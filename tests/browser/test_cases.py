"""From an agency's file to a clue, a case and a public warning; and a recommendation from draft to judged reply."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from cases.models import CrimeCase, Exposure, Recommendation
from cases.services import crime
from portal.web import jobs
from tests.browser.conftest import PHONE, SignIn
from tests.cases.crimes import GOOD, filed, second_officer
from tests.cases.files import csv, row
from tests.world import World

pytestmark = pytest.mark.browser


def work() -> None:
    """What a worker would do."""
    for job_id in jobs.unfinished():
        jobs.run(job_id)


def press(page: Page, name: str) -> None:
    """Press the button of the form."""
    page.get_by_role("button", name=name).click()


def test_from_a_file_to_a_clue_a_case_and_a_warning(lived_world: World, sign_in: SignIn, tmp_path: Path) -> None:
    path = tmp_path / "penalties.csv"
    path.write_bytes(csv(row(案件名称="给付回扣案"), row(处罚决定书文号="甲2", 当事人="")).read())
    page = sign_in("coordinator")
    _import(lived_world, page, path)
    _make_a_clue(page)
    _file_by_page(page)
    case = CrimeCase.objects.get()
    crime.reach(lived_world.user("coordinator"), case.pk, stage="effective", on=date(2026, 3, 2))
    crime.check_quality(second_officer(lived_world), case.pk, points=GOOD, remark="")
    page.goto(f"{case.get_absolute_url()}exposure/")
    press(page, "Show the masks")
    expect(page.locator("del").first).to_have_text("王志新")
    found = Exposure.objects.get()
    head = sign_in("head")
    head.goto(f"{found.get_absolute_url()}release/")
    press(head, "Release it")
    public = sign_in("leader", PHONE)
    public.goto("/warnings/")
    public.get_by_role("link", name="设备采购受贿案").click()
    expect(public.get_by_text("王某利用职务便利")).to_be_visible()
    assert "王志新" not in public.content()


def _import(world: World, page: Page, path: Path) -> None:
    page.goto("/cases/punishments/import/")
    page.select_option("#id_agency", str(world.unit("O").pk))
    page.set_input_files("#id_file", str(path))
    press(page, "Upload")
    press(page, "Check the rows")
    work()
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_text("Party is empty; write it.").first).to_be_visible()
    press(page, "Import 1 row")
    work()
    page.get_by_role("link", name="Look again").click()
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("link", name="Screen all decisions").click()
    press(page, "Screen all decisions")
    work()


def _make_a_clue(page: Page) -> None:
    page.goto("/cases/search/?q=回扣")
    expect(page.locator("mark").first).to_have_text("回扣")
    page.goto("/cases/screening/?state=open")
    page.get_by_role("link", name="青市监罚〔2025〕1号").first.click()
    page.get_by_role("link", name="Make a clue of it").click()
    press(page, "Make a clue")
    page.get_by_role("link", name="Name officers").click()
    page.check("input[name=grade][value=a]")
    page.get_by_label("Coordinator").check()
    press(page, "Name them")
    page.get_by_role("link", name="Open the clue").click()
    page.fill("#id_purpose", "check the payments")
    press(page, "Open it")
    expect(page.get_by_text("同一周内拆分").first).to_be_visible()
    page.get_by_role("link", name="Close the clue").click()
    page.check("input[name=result][value=filed]")
    page.fill("#id_reasons", "属实")
    press(page, "Close it with this result")


def _file_by_page(page: Page) -> None:
    page.goto("/cases/crimes/file/")
    for name, value in (
        ("number", "青石检贪立〔2026〕1号"),
        ("title", "设备采购受贿案"),
        ("unit", "B"),
        ("name", "王志新"),
        ("post", "科员"),
        ("act_from", "2024-05-01"),
        ("act_until", "2025-06-30"),
        ("amount", "50000"),
        ("means", "王志新利用职务便利，拆分采购。"),
    ):
        page.fill(f"#id_{name}", value)
    page.select_option("#id_clue", index=1)
    page.select_option("#id_offence", label="385 · Acceptance of bribes")
    page.select_option("#id_rank", label="Section member")
    press(page, "File the case")
    expect(page.get_by_role("heading", name="设备采购受贿案")).to_be_visible()


def test_a_recommendation_from_draft_to_judged_reply(lived_world: World, sign_in: SignIn) -> None:
    case = filed(lived_world)
    office = sign_in("coordinator")
    office.goto(f"/cases/recommendations/draft/?case={case.pk}")
    office.fill("#id_number", "青石检建〔2026〕7号")
    office.fill("#id_measures", "审批与验收岗位分设。")
    press(office, "Keep the draft")
    url = Recommendation.objects.get().get_absolute_url()
    head = sign_in("head")
    head.goto(url)
    head.get_by_role("link", name="Sign", exact=True).click()
    press(head, "Sign it")
    leader = sign_in("leader", PHONE)
    leader.goto(url)
    leader.get_by_role("link", name="Acknowledge").click()
    press(leader, "Acknowledge it")
    leader.get_by_role("link", name="Write the reply").click()
    leader.fill("#id_text", "已分设岗位。")
    press(leader, "Send the reply")
    office.goto(url)
    office.get_by_role("link", name="Judge the reply").click()
    office.check("input[name=judgement][value=rectify]")
    office.fill("#id_text", "已落实。")
    press(office, "Keep the judgement")
    leader.goto(url)
    expect(leader.get_by_text(re.compile("Reply accepted")).first).to_be_visible()
    assert case.number not in leader.content()
