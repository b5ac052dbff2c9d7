"""Calendar and ladders hold for the whole site: who coordinates a part of it reads them, and changes nothing."""

from datetime import date
from typing import Any

import pytest

from portal.accounts.models import Grant, User
from portal.obligations import services
from portal.obligations.models import Ladder
from portal.web.errors import NotAllowed
from portal.workdays import clock
from tests.world import BACKEND, World


@pytest.fixture
def of_a_town(world: World) -> User:
    user = User.objects.create_user("town_coordinator", "a long enough password", name_en="Y", email="y@example.org")
    Grant.objects.create(user=user, role="coordinator", path=world.unit("T").path, granted_at=clock.now())
    return User.objects.get(pk=user.pk)


def test_the_coordinator_of_a_part_changes_no_working_day(world: World, of_a_town: User) -> None:
    with pytest.raises(NotAllowed):
        services.set_day(of_a_town, date(2026, 4, 21), is_workday=False, reason="Flood.")
    with pytest.raises(NotAllowed):
        services.enter_notice(of_a_town, 2027, reference="x", days={})


def test_the_coordinator_of_a_part_writes_no_ladder(world: World, of_a_town: User, client: Any) -> None:
    client.force_login(of_a_town, backend=BACKEND)
    code = Ladder.objects.first().code  # type: ignore[union-attr]
    assert client.get(f"/ladders/{code}/new/").status_code == 403
    page = client.get("/ladders/").content.decode()
    assert "/new/" not in page
