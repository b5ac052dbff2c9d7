"""The texts of the law as data: a new one follows, the old ones stay, and acts are judged by the text of their day."""

import uuid
from datetime import date
from decimal import Decimal

import pytest

from cases.errors import LimitEmpty, TextNotLater, TiersOutOfOrder
from cases.models import Offence, StageLimit
from cases.services import crime, law
from cases.services.crime.base import limit_now
from portal.web.errors import NotAllowed
from tests.cases.crimes import deed, filed
from tests.world import World

pytestmark = pytest.mark.django_db
NEW = date(2026, 1, 1)


def bribery() -> Offence:
    return Offence.objects.get(code="CL385")


def test_an_act_before_a_new_text_is_judged_by_the_old_one(world: World) -> None:
    made = law.add_text(world.user("coordinator"), bribery().pk, in_force_from=NEW, source="x", huge=Decimal(500_000))
    old, new = bribery().versions.order_by("-in_force_from")[1], made
    assert old.in_force_until == date(2025, 12, 31)
    case = filed(world, deeds=[deed(days=(date(2025, 1, 1), date(2025, 12, 31)))])
    assert case.charges.get().law == old
    later = filed(world, "2", deeds=[deed(days=(date(2025, 1, 1), NEW))])
    assert later.charges.get().law == new


def test_a_text_follows_the_known_ones_and_its_amounts_rise(world: World) -> None:
    by, offence = world.user("coordinator"), bribery()
    with pytest.raises(TextNotLater):
        law.add_text(by, offence.pk, in_force_from=offence.versions.last().in_force_from, source="x")  # type: ignore[union-attr]
    with pytest.raises(TiersOutOfOrder):
        law.add_text(by, offence.pk, in_force_from=NEW, source="x", relatively_large=Decimal(5), huge=Decimal(5))
    with pytest.raises(NotAllowed):
        law.add_text(world.user("town_head"), offence.pk, in_force_from=NEW, source="x")


def test_a_new_limit_counts_from_its_day_on(world: World) -> None:
    by = world.user("coordinator")
    known = StageLimit.objects.get(from_stage="coercive", to_stage="investigated")
    with pytest.raises(LimitEmpty):
        law.add_limit_text(by, known.pk, in_force_from=NEW, months=0, days=0, article="x")
    with pytest.raises(TextNotLater):
        law.add_limit_text(by, known.pk, in_force_from=known.in_force_from, months=1, days=0, article="x")
    to_come = law.add_limit_text(by, known.pk, in_force_from=date(2027, 1, 1), months=6, days=0, article="x")
    case = crime.reach(by, filed(world).pk, stage="coercive", on=date(2026, 2, 10))
    assert limit_now(case) == (known, date(2026, 4, 10))
    to_come.delete()
    now = law.add_limit_text(by, known.pk, in_force_from=NEW, months=3, days=5, article="x")
    assert limit_now(case) == (now, date(2026, 5, 15))
    assert now.extensions == known.extensions


def test_the_page_shows_every_text_and_takes_a_new_one_once(world: World) -> None:
    client, offence = world.client("coordinator"), bribery()
    typed = {
        "in_force_from": "2026-01-01",
        "source": "法释〔2026〕1号",
        "relatively_large": "50000",
        "huge": "40000",
        "idempotency_key": str(uuid.uuid4()),
    }
    answer = client.post("/cases/law/offences/CL385/", typed)
    assert answer.status_code == 400
    assert "higher than the one before" in answer.content.decode()
    for _twice in range(2):
        assert client.post("/cases/law/offences/CL385/", typed | {"huge": "500000"}).status_code == 302
    assert offence.versions.filter(in_force_from=NEW).count() == 1
    assert "法释〔2026〕1号" in client.get("/cases/law/").content.decode()
