"""What several tests of cases begin with."""

import pytest

from cases.models import Clue
from cases.services import clues
from tests.cases.clues import TOLD
from tests.world import World


@pytest.fixture
def clue(world: World) -> Clue:
    """A clue that the office was told."""
    return clues.receive(world.user("coordinator"), office=world.unit("D"), source="report", told=TOLD)
