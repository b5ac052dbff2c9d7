"""The receipts of a report: of handing in, with what is owed next; of accepting, with the next one to review."""

from datetime import date

from portal.obligations import services as obligations
from portal.workdays import clock
from responsibility.models import Report, ReportState
from tests.responsibility.letters import YEAR
from tests.responsibility.reports import BASE, fill, hand_in
from tests.world import World


def test_the_receipt_of_handing_in_names_what_is_owed_next(world: World, report: Report) -> None:
    obligations.open_duty(
        "report", world.unit("B").pk, date(2026, 3, 10), label_en="Plan of the year", label_zh="计划", year=YEAR
    )
    fill(world, report)
    client = world.client("leader")
    receipt = client.post(f"{BASE}submit/", {"version": report.version}, follow=True).content.decode()
    assert "You have handed in the report" in receipt
    assert "Write the report: Plan of the year" in receipt
    assert "What you owe next" not in client.get(BASE).content.decode()


def accept(world: World, report: Report) -> str:
    done = world.client("coordinator").post(f"{BASE}accept/", {"version": report.version})
    assert done["Location"] == f"{BASE}?accepted=1"
    return " ".join(world.client("coordinator").get(done["Location"]).content.decode().split())


def test_the_receipt_of_accepting_says_what_and_when_and_leads_to_the_next(world: World, report: Report) -> None:
    hand_in(world, report)
    other = Report.objects.get(unit=world.unit("O"))
    Report.objects.filter(pk=other.pk).update(state=ReportState.SUBMITTED, submitted_at=clock.now())
    receipt = accept(world, report)
    assert "Half-yearly report 2026 of Finance Bureau, accepted 2 March 2026," in receipt
    assert "1 report still waits for your review. Next:" in receipt
    assert f'<a href="{other.get_absolute_url()}">Half-yearly report 2026, Transport Bureau</a>' in receipt


def test_with_no_other_report_the_receipt_leads_to_the_list(world: World, report: Report) -> None:
    hand_in(world, report)
    assert "No other report waits for your review." in accept(world, report)


def test_the_receipt_is_for_who_accepted(world: World, report: Report) -> None:
    hand_in(world, report)
    accept(world, report)
    assert "You have accepted" not in world.client("leader").get(f"{BASE}?accepted=1").content.decode()


def test_nothing_is_said_to_be_accepted_that_is_not(world: World, report: Report) -> None:
    hand_in(world, report)
    assert "You have accepted" not in world.client("coordinator").get(f"{BASE}?accepted=1").content.decode()
