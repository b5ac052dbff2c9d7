"""Who reaches the pages of `documents`."""

from typing import Any

from portal.audit import anchors
from tests.authorization.table import OPEN_TO_ALL, SEES_B, Case, Row, nothing

TOWN_READERS = {"town_coordinator", "town_auditor", "town_security_admin"}


def anchor(case: Case) -> dict[str, Any]:
    return {"seq": anchors.given().values_list("seq", flat=True)[0]}


ROWS: dict[str, Row] = {
    "documents:file": Row(lambda case: {"pk": case.file_id}, SEES_B, others=404),
    "documents:anchor-sheet": Row(anchor, {"coordinator", "auditor", "security_admin"}, elsewhere=TOWN_READERS),
    "documents:verify": Row(nothing, OPEN_TO_ALL),
    "documents:verified": Row(lambda case: {"code": "ABCDEFGHJKLM"}, set(), others=404, anonymous=404),
}
