"""The tree as a whole: whoever rebuilds it takes turns, and paths follow from parents."""

from django.db import connection, models

LOCK = 7_301_004


def take_turns() -> None:
    """Wait until nobody else rebuilds the tree; held to the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def hold_still() -> None:
    """Wait until nobody rebuilds the tree or imports, and let none begin; held to the end of the transaction.

    Whoever fills a single post or seat calls it first: others who do so need not wait.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [LOCK])


def derive_paths() -> None:
    """Give every unit the path that its parents make, and carry grants along, also proposed ones; three statements for any
    number of moves.

    Paths come from the parents as they are now, top-down, so that units may change places with those above them. A path
    ends in the unit's own id: none is taken by another unit on the way. A grant names its unit by that id.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE tree AS (
                SELECT id, id::text::ltree AS path FROM organisation_unit WHERE parent_id IS NULL
                UNION ALL
                SELECT unit.id, tree.path || unit.id::text
                FROM organisation_unit unit JOIN tree ON unit.parent_id = tree.id
            )
            UPDATE organisation_unit unit SET path = tree.path
            FROM tree WHERE unit.id = tree.id AND unit.path <> tree.path
            """
        )
        cursor.execute(
            """
            UPDATE accounts_grant given SET path = unit.path
            FROM organisation_unit unit
            WHERE unit.id::text = ltree2text(subpath(given.path, -1)) AND given.path <> unit.path
            """
        )
        cursor.execute(
            """
            UPDATE accounts_grantproposal proposed SET path = unit.path
            FROM organisation_unit unit
            WHERE unit.id::text = ltree2text(subpath(proposed.path, -1)) AND proposed.path <> unit.path
            """
        )


def draw_ids(model: type[models.Model], count: int) -> list[int]:
    """Ids for rows about to be written: a unit's path is made of its own."""
    if not count:
        return []
    with connection.cursor() as cursor:
        table = model._meta.db_table
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [row[0] for row in cursor.fetchall()]
