"""Who reaches the pages of `dashboard`."""

from typing import Any

from tests.authorization.table import ALL, KEEPS_B, OVERSEE, Case, Row, nothing


def unit(case: Case) -> dict[str, Any]:
    return {"code": "B"}


ROWS: dict[str, Row] = {
    "home": Row(nothing, ALL, ok=302),
    "dashboard:today": Row(nothing, OVERSEE),
    "dashboard:compliance": Row(nothing, OVERSEE),
    "dashboard:dossier": Row(unit, KEEPS_B, others=404),
    "dashboard:workbook": Row(unit, KEEPS_B, others=404),
    "dashboard:my": Row(nothing, ALL),
    "dashboard:administration": Row(nothing, {"system_admin", "security_admin"}),
}
