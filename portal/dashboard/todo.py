"""What waits for a person: each app offers its own items."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from portal.accounts.models import User
from portal.workdays.rules import Calendar

Text = str | Promise


@dataclass(frozen=True)
class TodoItem:
    """One thing to do. `due_on` is None where no day is set."""

    due_on: date | None
    title: Text
    text: Text
    url: str
    verb: Text


Provider = Callable[[User, date, Calendar], list[TodoItem]]
_providers: list[Provider] = []


def register(provider: Provider) -> None:
    """Add a provider; called in `AppConfig.ready()`."""
    _providers.append(provider)


def items(user: User, today: date, calendar: Calendar) -> list[TodoItem]:
    """Everything that waits for a person, the most urgent first."""
    found = [item for provider in _providers for item in provider(user, today, calendar)]
    return sorted(found, key=lambda item: (item.due_on or date.max, str(item.title)))
