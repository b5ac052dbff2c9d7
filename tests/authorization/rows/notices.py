"""Who reaches the pages of `notices`."""

from tests.authorization.table import ALL, Row, nothing

ROWS: dict[str, Row] = {
    "notices:inbox": Row(nothing, ALL),
    "notices:read-all": Row(nothing, ALL, ok=405),
    "notices:open": Row(lambda case: {"pk": case.notice.pk}, ALL, ok=405),
    "notices:outbox": Row(nothing, {"coordinator", "system_admin"}),
    "notices:send-again": Row(lambda case: {"pk": case.message.pk}, {"coordinator", "system_admin"}, others=404),
    "notices:mail": Row(nothing, set(), others=404),
}
