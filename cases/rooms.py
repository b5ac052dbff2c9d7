"""The pages at the top of this room, side by side under its title; each only for who may open it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from django.urls import reverse
from django.utils.functional import Promise

from portal.accounts.models import User

Text = str | Promise


@dataclass(frozen=True)
class Room:
    """A page of the room: its name, its address, for whom, and how many things wait there."""

    label: Text
    url_name: str
    visible: Callable[[User], bool]
    count: Callable[[User], int] | None = None
    order: int = 100


class Place(NamedTuple):
    """A room as a page draws it."""

    label: Text
    url: str
    current: bool
    waiting: int


_rooms: list[Room] = []


def register(*rooms: Room) -> None:
    """Add rooms; called in `AppConfig.ready()`."""
    _rooms.extend(rooms)


def of(user: User) -> list[Room]:
    """The rooms that a person may open, in their order."""
    return sorted((room for room in _rooms if room.visible(user)), key=lambda room: room.order)


def places(user: User, url_name: str) -> list[Place]:
    """The rooms for a person standing in one of them."""
    return [
        Place(room.label, reverse(room.url_name), room.url_name == url_name, room.count(user) if room.count else 0)
        for room in of(user)
    ]
