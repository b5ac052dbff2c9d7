"""The receipts of a report: of handing in, with what is owed next; of accepting, with the next one to review."""

from datetime import date

from portal.obligations import services as obligations
from responsibility.models import Report
from tests.responsibility.letters import YEAR
from tests.responsibility.reports import BASE, fill
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
