"""Who reaches the Regulations, projects, investigations, measures, reports and proposals."""

from datetime import date
from typing import Any

from systems.models.regulations import Regulations
from systems.services import regulations as verbs
from tests.authorization.table import COORDINATOR, NOBODY, SEES_CONTENT, Case, Row, nothing
from tests.systems import regulations


def version(number: int) -> Any:
    """A version of the Regulations; the third is a draft."""

    def kwargs(case: Case) -> dict[str, Any]:
        if not Regulations.objects.exists():
            regulations.issued(case.world, since=date(2026, 1, 1))
            regulations.issued(case.world, since=date(2026, 2, 1))
            verbs.draft(case.world.user("coordinator"), **regulations.HEAD)
        return {"number": number}

    return kwargs


def article(number: int) -> Any:
    """The first article of a version."""
    return lambda case: version(number)(case) | {"article": 1}


ROWS: dict[str, Row] = {
    "systems:regulations": Row(nothing, SEES_CONTENT),
    "systems:regulations-version": Row(version(1), SEES_CONTENT),
    "systems:compare-regulations": Row(version(2), SEES_CONTENT),
    "systems:article": Row(article(1), SEES_CONTENT),
    "systems:draft-regulations": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "systems:edit-regulations": Row(version(3), COORDINATOR, elsewhere=NOBODY),
    "systems:add-article": Row(version(3), COORDINATOR, elsewhere=NOBODY),
    "systems:issue-regulations": Row(version(3), COORDINATOR, elsewhere=NOBODY),
    "systems:discard-regulations": Row(version(3), COORDINATOR, elsewhere=NOBODY),
    "systems:edit-article": Row(article(3), COORDINATOR, elsewhere=NOBODY),
    "systems:remove-article": Row(article(3), COORDINATOR, elsewhere=NOBODY),
    "systems:tie-article": Row(article(1), COORDINATOR, elsewhere=NOBODY),
}
