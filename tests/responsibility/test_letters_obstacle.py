"""A leader who cannot sign says why: those above are told, the letter waits on, the clock goes on."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from portal.accounts.models import User
from portal.audit.models import Entry
from portal.dashboard import providers
from portal.dashboard.todo import TodoItem
from portal.notices.models import Notice
from portal.obligations.models import Obligation
from portal.web.errors import NotAllowed
from portal.workdays import clock
from portal.workdays.calendar import load
from responsibility.errors import HeadNotSigned, LetterClosed, ObstacleMissing, SignedAlready
from responsibility.models import Letter, LetterState, Obstacle
from responsibility.services import letters
from tests.responsibility.letters import YEAR, fresh, issue, open_year, ready, sign
from tests.world import World

REASON = "Target 3 names a station that another bureau runs."


def state(world: World, letter: Letter, who: str = "leader", reason: str = REASON) -> Obstacle:
    return letters.state_obstacle(world.user(who), letter.pk, reason=reason)


def post(world: World, letter: Letter, who: str = "leader", **typed: Any) -> Any:
    form = {"idempotency_key": str(uuid4()), "reason": REASON} | typed
    return world.client(who).post(f"{letter.get_absolute_url()}cannot-sign/", form)


def waiting(user: User) -> list[TodoItem]:
    return [item for found in providers.obstacles(user, clock.today(), load()) for item in found.items]


def page(world: World, who: str, url: str) -> str:
    return " ".join(world.client(who).get(url).content.decode().split())


def test_head_and_coordinator_are_told_with_the_reason(world: World) -> None:
    letter = ready(world)["B"]
    state(world, letter)
    told = Notice.objects.filter(kind="letter_obstacle")
    assert {notice.recipient.username for notice in told} == {"head", "coordinator"}
    assert all(REASON in notice.body for notice in told)
    assert Entry.objects.filter(action="letter.obstacle_stated").count() == 1


def test_letter_and_duty_stay_as_they_are(world: World) -> None:
    letter = ready(world)["B"]
    before = Obligation.objects.values().get(pk=letter.obligation_id)
    state(world, letter)
    after = fresh()["B"]
    assert (after.state, after.version) == (letter.state, letter.version)
    assert Obligation.objects.values().get(pk=letter.obligation_id) == before


def test_the_leader_may_still_sign_and_then_nothing_waits_for_the_coordinator(world: World) -> None:
    letter = ready(world)["B"]
    state(world, letter)
    assert [item.title for item in waiting(world.user("coordinator"))] == ["Cannot sign the letter: Finance Bureau"]
    sign(world, "leader", letter)
    assert fresh()["B"].state == LetterState.SIGNED
    assert waiting(world.user("coordinator")) == []


def test_the_coordinator_reads_the_newest_reason_once_for_each_letter(world: World) -> None:
    letter = ready(world)["B"]
    state(world, letter, reason="The first reason.")
    state(world, letter)
    (item,) = waiting(world.user("coordinator"))
    assert REASON in str(item.text)
    assert item.url == f"/letters/{YEAR}/B/#obstacle"


def test_a_reason_is_kept_for_good(world: World) -> None:
    state(world, ready(world)["B"])
    with pytest.raises(DatabaseError), transaction.atomic():
        Obstacle.objects.update(reason="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        Obstacle.objects.all().delete()


def test_before_the_head_has_signed_there_is_nothing_to_refuse(world: World) -> None:
    open_year()
    with pytest.raises(HeadNotSigned):
        state(world, issue(world)["B"])


def test_a_signed_letter_cannot_be_refused(world: World) -> None:
    letter = ready(world)["B"]
    sign(world, "leader", letter)
    with pytest.raises(SignedAlready):
        state(world, letter)


def test_a_withdrawn_letter_cannot_be_refused(world: World) -> None:
    letter = ready(world)["B"]
    letters.withdraw(world.user("coordinator"), letter.pk, expected_version=letter.version, reason="Wrong type.")
    with pytest.raises(LetterClosed):
        state(world, letter)


def test_a_reason_is_needed(world: World) -> None:
    letter = ready(world)["B"]
    with pytest.raises(ObstacleMissing):
        state(world, letter, reason="  ")


@pytest.mark.parametrize("name", ["liaison", "coordinator", "head"])
def test_nobody_states_it_for_the_leader(world: World, name: str) -> None:
    letter = ready(world)["B"]
    with pytest.raises(NotAllowed):
        state(world, letter, who=name)


def test_the_same_post_twice_states_one_reason(world: World) -> None:
    letter, key = ready(world)["B"], str(uuid4())
    first, second = (post(world, letter, idempotency_key=key) for _n in range(2))
    assert first["Location"] == second["Location"] == f"{letter.get_absolute_url()}#obstacle"
    assert Obstacle.objects.count() == 1


def test_a_post_after_signing_is_a_sentence(world: World) -> None:
    letter = ready(world)["B"]
    sign(world, "leader", letter)
    answer = post(world, letter)
    assert answer.status_code == 409
    assert "signed already" in answer.content.decode()


def test_the_page_says_what_goes_on_before_and_after(world: World) -> None:
    letter = ready(world)["B"]
    asked = page(world, "leader", f"{letter.get_absolute_url()}cannot-sign/")
    assert "The clock of your duty goes on: it stays due on Tue 31 Mar" in asked
    post(world, letter)
    shown = page(world, "leader", letter.get_absolute_url())
    assert "You have said that you cannot sign this letter" in shown
    assert "the clock goes on: due on Tue 31 Mar" in shown
    assert "Read and sign" in shown


def test_those_who_are_told_read_the_reason_beside_the_letter_and_colleagues_do_not(world: World) -> None:
    letter = ready(world)["B"]
    state(world, letter)
    for who in ("head", "coordinator", "auditor"):
        assert REASON in page(world, who, letter.get_absolute_url())
    for who in ("staff", "liaison"):
        assert REASON not in page(world, who, letter.get_absolute_url())


def test_the_list_has_the_letters_that_cannot_be_signed_for_who_may_know(world: World) -> None:
    letter = ready(world)["B"]
    state(world, letter)
    url = f"/letters/{YEAR}/?said=cannot-sign"
    found = world.client("coordinator").get(url).context["table"]
    assert [row.record.pk for row in found.rows] == [letter.pk]
    assert len(world.client("staff").get(url).context["table"].rows) == 0


def test_the_sign_page_leads_there_and_says_how_far_one_has_read(world: World) -> None:
    letter = ready(world)["B"]
    shown = page(world, "leader", f"{letter.get_absolute_url()}sign/")
    assert f'href="{letter.get_absolute_url()}cannot-sign/"' in shown
    assert 'data-some="%(read)s of %(total)s parts read"' in shown
    assert 'href="#sign"' in shown
    assert "p-ptabs" not in shown
