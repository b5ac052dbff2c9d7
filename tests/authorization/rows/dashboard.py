"""Who reaches the pages of `dashboard`."""

from tests.authorization.table import ALL, OVERSEE, Row, nothing

ROWS: dict[str, Row] = {
    "home": Row(nothing, ALL, ok=302),
    "dashboard:today": Row(nothing, OVERSEE),
    "dashboard:compliance": Row(nothing, OVERSEE),
    "dashboard:my": Row(nothing, ALL),
    "dashboard:administration": Row(nothing, {"system_admin", "security_admin"}),
}
