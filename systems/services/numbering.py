"""Numbers by year: who makes something that bears one takes turns, so that none is left out."""

from typing import Any

from django.db import connection, models

LOCK = 7_301_020


def next_serial(model: type[models.Model], year: int) -> int:
    """The next number of a year. Must be called inside the transaction that uses it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    rows: Any = model._default_manager.filter(year=year)
    last = rows.order_by("-serial").values_list("serial", flat=True).first()
    return (last or 0) + 1
