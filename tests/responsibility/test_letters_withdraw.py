"""The coordinator withdraws an unsigned letter."""

import pytest
from django.db import transaction

from portal.notices.models import Notice
from portal.obligations.choices import State
from portal.web.errors import NotAllowed
from responsibility.errors import (
    LetterClosed,
    ReasonMissing,
    SignedAlready,
)
from responsibility.models import LetterState
from responsibility.services import letters
from tests.responsibility.letters import issue, ready, sign
from tests.world import World


def test_an_unsigned_letter_is_withdrawn_with_a_reason(world: World) -> None:
    """Its duty ends, leader and head are told, and a new one can be issued."""
    letter = ready(world)["B"]
    coordinator = world.user("coordinator")
    with pytest.raises(ReasonMissing), transaction.atomic():
        letters.withdraw(coordinator, letter.pk, expected_version=letter.version, reason=" ")
    letters.withdraw(coordinator, letter.pk, expected_version=letter.version, reason="Wrong group")
    letter.refresh_from_db()
    assert (letter.state, letter.obligation.state) == (LetterState.WITHDRAWN, State.CANCELLED)
    told = Notice.objects.filter(kind="letter_withdrawn").values_list("recipient__username", flat=True)
    assert set(told) == {"leader", "head"}
    with pytest.raises(LetterClosed), transaction.atomic():
        sign(world, "leader", letter)
    assert issue(world)["B"].serial == 6


def test_a_signed_letter_is_not_withdrawn(world: World) -> None:
    """And only the coordinator withdraws at all."""
    letter = ready(world)["B"]
    with pytest.raises(NotAllowed), transaction.atomic():
        letters.withdraw(world.user("leader"), letter.pk, expected_version=letter.version, reason="x")
    sign(world, "leader", letter)
    letter.refresh_from_db()
    with pytest.raises(SignedAlready), transaction.atomic():
        letters.withdraw(world.user("coordinator"), letter.pk, expected_version=letter.version, reason="x")
