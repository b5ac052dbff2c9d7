"""Who reaches the pages of `web`."""

from tests.authorization.table import COORDINATOR, OPEN_TO_ALL, Row, nothing

ROWS: dict[str, Row] = {
    "health_live": Row(nothing, OPEN_TO_ALL),
    "health_ready": Row(nothing, OPEN_TO_ALL),
    "web:job": Row(lambda case: {"pk": case.job_id}, COORDINATOR, others=404),
    "web:job-again": Row(lambda case: {"pk": case.job_id}, COORDINATOR, others=404),
    "web:patterns": Row(nothing, set(), others=404, anonymous=404),
}
