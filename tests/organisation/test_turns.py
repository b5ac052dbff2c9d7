"""An import rebuilds many posts at once: whoever fills a single one meanwhile waits, instead of meeting half of it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from portal.organisation import services
from portal.organisation.models import Person
from portal.organisation.tree import hold_still, take_turns
from tests.world import TODAY, World

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def held_elsewhere(lock: Callable[[], None]) -> Iterator[None]:
    """Somebody else's transaction holds a lock until the block ends."""
    taken, over = threading.Event(), threading.Event()

    def other() -> None:
        with transaction.atomic():
            lock()
            taken.set()
            over.wait(30)
        connection.close()

    thread = threading.Thread(target=other)
    thread.start()
    assert taken.wait(30)
    try:
        yield
    finally:
        over.set()
        thread.join(30)


def impatient(deed: Callable[[], object]) -> None:
    """Do something that gives up as soon as it has to wait."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '1ms'")
        deed()


def deeds(world: World) -> list[Callable[[], object]]:
    by, clerk = world.user("coordinator"), Person.objects.create(employee_no="C1", name_en="C", name_zh="C")
    return [
        lambda: services.appoint(by, post=world.vacant_post, person=clerk, starts_on=TODAY),
        lambda: services.end_tenure(by, world.tenures["leader"].pk, ends_on=TODAY),
        lambda: services.seat(by, group=world.group, person=clerk, is_head=False, starts_on=TODAY),
        lambda: services.make_group(by, unit=world.unit("B"), name_en="G", name_zh="组"),
    ]


def test_who_fills_a_single_place_waits_for_an_import(world: World) -> None:
    for deed in deeds(world):
        with held_elsewhere(take_turns), pytest.raises(OperationalError):
            impatient(deed)


def test_two_who_fill_single_places_do_not_wait_for_each_other(world: World) -> None:
    for deed in deeds(world):
        with held_elsewhere(hold_still):
            impatient(deed)
