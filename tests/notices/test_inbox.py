"""The inbox: what is read, when, and by whom; every kind of notice has its sentences."""

from typing import Any

import pytest
from django.utils import translation

from portal.notices import registry, services
from portal.notices.models import Notice
from tests.notices.mail import tell
from tests.queries import count_queries
from tests.world import World


def test_all_that_the_page_shows_is_read_at_once_and_nothing_newer(world: World) -> None:
    tell(world, "leader", 2)
    newest = Notice.objects.latest("pk")
    page = world.client("leader").get("/inbox/").content.decode()
    assert "Mark 2 notices as read" in page
    assert f'value="{newest.pk}"' in page
    tell(world, "leader")
    for _time in range(2):
        world.client("leader").post("/inbox/read/", {"until": newest.pk})
    assert Notice.objects.unread().count() == 1


def test_an_inbox_without_unread_notices_offers_nothing_to_mark(world: World) -> None:
    tell(world, "leader")
    services.mark_all_read(world.user("leader"))
    assert b"read-all-form" not in world.client("leader").get("/inbox/").content


def test_reading_is_kept_with_its_time_and_only_for_ones_own(world: World) -> None:
    tell(world, "leader")
    notice = Notice.objects.get()
    assert world.client("other_leader").post(f"/inbox/{notice.pk}/").status_code == 404
    world.client("leader").post(f"/inbox/{notice.pk}/")
    first = Notice.objects.get().read_at
    world.client("leader").post(f"/inbox/{notice.pk}/")
    assert first is not None
    assert Notice.objects.get().read_at == first


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_kind_has_sentences_for_its_names_in_both_languages(language: str) -> None:
    with translation.override(language):
        for kind in registry.kinds():
            data = {name: "2026-03-02" if name.endswith("_on") else "x" for name in kind.variables}
            notice = Notice(kind=kind.code, data=data)
            assert notice.subject
            assert "%(" not in notice.body


def test_the_inbox_needs_the_same_queries_for_one_notice_and_for_many(
    world: World, django_assert_num_queries: Any
) -> None:
    tell(world, "leader")
    few = count_queries(world.client("leader"), "/inbox/")
    tell(world, "leader", 25)
    assert count_queries(world.client("leader"), "/inbox/") == few
