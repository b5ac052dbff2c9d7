"""What the rail shows: each room registers its places, and nothing central is edited."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from portal.accounts.models import User

Text = str | Promise
AREAS: tuple[tuple[str, Text], ...] = (
    ("today", ""),
    ("responsibility", _("Responsibility")),
    ("prevention", _("Prevention")),
    ("office", pgettext_lazy("area of the rail", "Office")),
)


@dataclass(frozen=True)
class Item:
    """A place in the rail. `visible` decides for whom; `count` tells what waits there (None or 0: no figure)."""

    area: str
    label: Text
    url_name: str
    icon: str
    visible: Callable[["User"], bool]
    order: int = 100
    count: Callable[["User"], int | None] | None = None


class Place(NamedTuple):
    """An item as a page draws it."""

    label: Text
    url: str
    icon: str
    current: bool
    waiting: int | None


class Area(NamedTuple):
    """A group of places under a head."""

    label: Text
    places: list[Place]


_items: list[Item] = []


def register(*items: Item) -> None:
    """Add places; called in `AppConfig.ready()`."""
    _items.extend(items)


def areas(user: "User", path: str) -> list[Area]:
    """The rail for a person standing at `path`: only what that person may see."""
    drawn = []
    for code, label in AREAS:
        items = sorted((i for i in _items if i.area == code and i.visible(user)), key=lambda item: item.order)
        if items:
            drawn.append(Area(label, [_place(item, user, path) for item in items]))
    return drawn


def _place(item: Item, user: "User", path: str) -> Place:
    url = reverse(item.url_name)
    count = item.count(user) if item.count else None
    return Place(item.label, url, item.icon, path == url or (url != "/" and path.startswith(url)), count or None)


_counters: dict[str, Callable[["User"], Any]] = {}


def register_counter(name: str, counter: Callable[["User"], Any]) -> None:
    """Offer a figure for the mast, such as the unread notices."""
    _counters[name] = counter


def counters(user: "User") -> dict[str, Any]:
    """All figures of the mast for a person."""
    return {name: counter(user) for name, counter in _counters.items()}
