"""What the three offices do: heads of the log leave the machine, the chain is checked, a role waits for its second person."""

from datetime import date
from functools import partial

from portal.accounts import approvals
from portal.accounts.roles import Role
from portal.audit import checking
from portal.demo.story import deeds
from portal.demo.story.telling import Story
from portal.notices import head
from portal.organisation.models import Unit

# The last days: on the page of the chain more would only be more.
DAYS = (date(2026, 11, 20), date(2026, 11, 21), date(2026, 11, 22), date(2026, 11, 23))


def write(story: Story) -> None:
    """As beat does once a day; and a proposal on the eve of the day on which the demo begins."""
    for day in DAYS:
        story.on(day, partial(checking.check, None))
        story.on(day, head.give)
    story.on(DAYS[-1], _propose)


def _propose() -> None:
    """There is but one security administrator, so the head of the leading group is the second person."""
    approvals.propose(
        deeds.user("security"),
        user=deeds.user("staff"),
        role=Role.CASE_OFFICER,
        path=str(Unit.objects.get(code="QS").path),
        reason="Decision No. 7 of the leading group / 领导小组第7号决定",
    )
