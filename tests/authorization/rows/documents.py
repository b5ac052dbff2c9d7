"""Who reaches the pages of `documents`."""

from tests.authorization.table import OPEN_TO_ALL, SEES_B, Row, nothing

ROWS: dict[str, Row] = {
    "documents:file": Row(lambda case: {"pk": case.file_id}, SEES_B, others=404),
    "documents:verify": Row(nothing, OPEN_TO_ALL),
    "documents:verified": Row(lambda case: {"code": "ABCDEFGHJKLM"}, set(), others=404, anonymous=404),
}
