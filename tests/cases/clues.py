"""Clues as tests take and open them."""

from django.db import connection

from cases.models import Clue
from cases.services import clues
from cases.services.clues.receiving import Told
from tests.world import World

SECRET = "科长每月收受供应商回扣八千元"
TOLD = Told(SECRET, "设备科王某", "李某 139-0000")


def named(world: World, clue: Clue) -> Clue:
    """The clue with the coordinator as its officer."""
    by = world.user("coordinator")
    return clues.name_officers(by, clue.pk, expected_version=clue.version, users=[by], grade="a")


def opened(world: World, clue: Clue) -> list[str]:
    """What the clue says, opened by the coordinator."""
    by = world.user("coordinator")
    made = clues.open_clue(by, clue.pk, purpose="verify")
    return [text.text for text in clues.read(by, made.pk)[1]]


def dump() -> str:
    """Every row of every table as the database gives it out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        found = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)
