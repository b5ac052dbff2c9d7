"""Who reaches the pages of `obligations`."""

from typing import Any

from tests.authorization.table import ALL, COORDINATOR, NOBODY, OVERSEE, SEES_B, SEES_CONTENT, Case, Row, nothing


def duty(case: Case) -> dict[str, Any]:
    return {"pk": case.duty.pk}


ROWS: dict[str, Row] = {
    "obligations:duties": Row(nothing, SEES_CONTENT),
    "obligations:duty": Row(duty, SEES_B, others=404),
    "obligations:ask-extension": Row(duty, {"leader", "liaison"}, others=404),
    "obligations:decide-extension": Row(duty, set(), others=404),
    "obligations:suspend": Row(duty, COORDINATOR, others=404),
    "obligations:resume": Row(duty, COORDINATOR, others=404, ok=302),
    "obligations:waive": Row(duty, COORDINATOR, others=404),
    "obligations:clock": Row(nothing, OVERSEE | {"system_admin"}),
    "obligations:calendar": Row(nothing, ALL),
    "obligations:enter-notice": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "obligations:set-day": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "obligations:ladders": Row(nothing, ALL),
    "obligations:new-ladder": Row(lambda case: {"code": "default"}, COORDINATOR, elsewhere=NOBODY),
}
