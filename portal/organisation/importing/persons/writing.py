"""Writing a chunk of staged persons by a fixed number of statements."""

from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext as _

_TWICE = """
    UPDATE organisation_personrow AS r
    SET problems = jsonb_build_array(jsonb_build_array(%(heading)s, replace(%(sentence)s, '{row}', first.number::text))),
        effects = ''
    FROM (
        SELECT employee_no, min(number) AS number FROM organisation_personrow
        WHERE run_id = %(run)s AND employee_no <> '' GROUP BY employee_no HAVING count(*) > 1
    ) AS first
    WHERE r.run_id = %(run)s AND r.employee_no = first.employee_no AND r.number > first.number AND r.problems IS NULL
"""

# The rows of the chunk that are to be written, with the words of what each does.
_DUE = """
    DROP TABLE IF EXISTS due;
    CREATE TEMPORARY TABLE due ON COMMIT DROP AS
        SELECT *, string_to_array(effects, ' ') AS does FROM organisation_personrow
        WHERE run_id = %(run)s AND number BETWEEN %(first)s AND %(last)s
        AND problems IS NULL AND NOT written AND effects <> '';
    ANALYZE due
"""

# Whoever else writes about these people waits.
_LOCK = """
    SELECT p.id FROM organisation_person p JOIN due r ON r.employee_no = p.employee_no
    ORDER BY p.id FOR NO KEY UPDATE OF p
"""

# What was true at the check may no longer be: a unit dissolved, a person entered or moved meanwhile.
_STALE = """
    DELETE FROM due AS r WHERE
        (r.does && '{joined,moved}' AND EXISTS (
            SELECT FROM organisation_unit u WHERE u.id = r.unit_id AND u.dissolved_on IS NOT NULL
        ))
        OR (r.does && '{new}' AND EXISTS (SELECT FROM organisation_person p WHERE p.employee_no = r.employee_no))
        OR (r.does && '{joined,moved}' AND EXISTS (
            SELECT FROM organisation_employment e JOIN organisation_person p ON p.id = e.person_id
            WHERE p.employee_no = r.employee_no AND e.starts_on >= r.since
            AND (r.until IS NULL OR e.starts_on <= r.until)
        ))
        OR (r.does && '{left}' AND NOT EXISTS (
            SELECT FROM organisation_employment e JOIN organisation_person p ON p.id = e.person_id
            WHERE p.employee_no = r.employee_no AND e.starts_on <= r.until AND (e.ends_on IS NULL OR e.ends_on > r.until)
        ))
    RETURNING r.number
"""
_MARK = """
    UPDATE organisation_personrow SET problems = %(problems)s::jsonb, effects = ''
    WHERE run_id = %(run)s AND number = ANY(%(numbers)s)
"""

_NEW = """
    INSERT INTO organisation_person
        (employee_no, name_en, name_zh, sort_key, initials, phone, email, rank_id, official_type_id)
    SELECT employee_no, name_en, name_zh, sort_key, initials, phone, email, rank_id, official_type_id
    FROM due WHERE does && '{new}' ORDER BY number
"""

# An empty cell says nothing.
_CHANGED = """
    UPDATE organisation_person AS p
    SET name_en = coalesce(nullif(r.name_en, ''), p.name_en), name_zh = coalesce(nullif(r.name_zh, ''), p.name_zh),
        sort_key = coalesce(nullif(r.sort_key, ''), p.sort_key), initials = coalesce(nullif(r.initials, ''), p.initials),
        phone = coalesce(nullif(r.phone, ''), p.phone), email = coalesce(nullif(r.email, ''), p.email),
        rank_id = coalesce(r.rank_id, p.rank_id), official_type_id = coalesce(r.official_type_id, p.official_type_id)
    FROM due AS r WHERE r.employee_no = p.employee_no AND r.does && '{changed}'
"""

_MOVED = """
    UPDATE organisation_employment AS e SET ends_on = r.since - 1
    FROM due AS r JOIN organisation_person p ON p.employee_no = r.employee_no
    WHERE e.person_id = p.id AND e.starts_on < r.since AND (e.ends_on IS NULL OR e.ends_on >= r.since)
    AND r.does && '{moved}'
"""

_JOINED = """
    INSERT INTO organisation_employment (person_id, unit_id, title_en, title_zh, starts_on, ends_on)
    SELECT p.id, r.unit_id, coalesce(nullif(r.title_en, ''), r.title_zh), coalesce(nullif(r.title_zh, ''), r.title_en),
        r.since, r.until
    FROM due AS r JOIN organisation_person p ON p.employee_no = r.employee_no
    WHERE r.does && '{joined,moved}' ORDER BY r.number
"""

_CORRECTED = """
    UPDATE organisation_employment AS e
    SET title_en = coalesce(nullif(r.title_en, ''), e.title_en), title_zh = coalesce(nullif(r.title_zh, ''), e.title_zh),
        ends_on = coalesce(r.until, e.ends_on)
    FROM due AS r JOIN organisation_person p ON p.employee_no = r.employee_no
    WHERE e.person_id = p.id AND e.unit_id = r.unit_id AND e.starts_on = r.since AND r.does && '{corrected}'
"""

_LEFT = """
    UPDATE organisation_employment AS e SET ends_on = r.until
    FROM due AS r JOIN organisation_person p ON p.employee_no = r.employee_no
    WHERE e.person_id = p.id AND e.starts_on <= r.until AND (e.ends_on IS NULL OR e.ends_on > r.until)
    AND r.does && '{left}'
"""

# In this order: who is new is there before he works somewhere, and one time ends before the next begins.
_STATEMENTS = (_NEW, _CHANGED, _MOVED, _JOINED, _CORRECTED, _LEFT)


def mark_twice(run_id: int, heading: str) -> None:
    """Give every row whose employee number stands in an earlier one its problem."""
    sentence = _("Row %(row)s speaks of this person already. Leave one of the two.") % {"row": "{row}"}
    with connection.cursor() as cursor:
        cursor.execute(_TWICE, {"run": run_id, "heading": heading, "sentence": sentence})


def write(run_id: int, first: int, last: int, heading: str) -> None:
    """Write the ready rows of a chunk; rows that no longer fit get a problem. Must be called inside a transaction."""
    values: dict[str, Any] = {"run": run_id, "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute(_DUE, values)
        cursor.execute(_LOCK)
        cursor.execute(_STALE)
        numbers = [number for (number,) in cursor.fetchall()]
        if numbers:
            sentence = _("This has changed in the portal since the file was checked. Upload the row again.")
            problems = orjson.dumps([[heading, sentence]]).decode()
            cursor.execute(_MARK, {"run": run_id, "numbers": numbers, "problems": problems})
        for statement in _STATEMENTS:
            cursor.execute(statement)
