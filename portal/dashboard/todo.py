"""What waits for a person: each app offers its own items."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from portal.accounts.models import User
from portal.workdays.rules import Calendar

Text = str | Promise
# A first page shows so many things; the rest is behind the lists they stand in.
SHOWN = 7


@dataclass(frozen=True)
class TodoItem:
    """One thing to do. `due_on` is None where no day is set; `duty_id` is the duty whose next step it stops."""

    due_on: date | None
    title: Text
    text: Text
    url: str
    verb: Text
    duty_id: int | None = None


@dataclass(frozen=True)
class Waiting:
    """What one provider knows: how many things wait in all, the most urgent of them, the list that has them all."""

    count: int
    items: Sequence[TodoItem]
    name: Text
    url: str


@dataclass(frozen=True)
class Rest:
    """Things of one sort that the page does not show, and the list that has them."""

    count: int
    name: Text
    url: str


@dataclass(frozen=True)
class Todo:
    """Everything that waits: how many things, the most urgent of them, and where the others are.

    `stops` are the duties whose next step some of the things stop; None where not all of these things were read.
    """

    count: int
    items: list[TodoItem]
    rest: list[Rest]
    stops: list[int] | None


Provider = Callable[[User, date, Calendar], Sequence[Waiting]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Add a provider; called in `AppConfig.ready()`. It counts in the database and reads at most `SHOWN` items."""
    _providers.append(provider)


def gather(user: User, today: date, calendar: Calendar) -> Todo:
    """Everything that waits for a person, the most urgent first; the queries do not grow with what waits."""
    found = [waiting for provider in _providers for waiting in provider(user, today, calendar) if waiting.count]
    items = [(item, place) for place, waiting in enumerate(found) for item in waiting.items]
    items.sort(key=lambda pair: (pair[0].due_on or date.max, str(pair[0].title)))
    shown = items[:SHOWN]
    left = [waiting.count - sum(at == place for _item, at in shown) for place, waiting in enumerate(found)]
    stopping = [waiting for waiting in found if any(item.duty_id for item in waiting.items)]
    read = all(waiting.count == len(waiting.items) for waiting in stopping)
    return Todo(
        count=sum(waiting.count for waiting in found),
        items=[item for item, _place in shown],
        rest=[Rest(n, waiting.name, waiting.url) for n, waiting in zip(left, found, strict=True) if n > 0],
        stops=[item.duty_id for w in stopping for item in w.items if item.duty_id is not None] if read else None,
    )
