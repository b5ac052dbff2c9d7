"""What attachments belong to: each app says who may read and who may attach."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models


@dataclass(frozen=True)
class Purpose:
    """A kind of object that takes attachments."""

    code: str
    model: type[models.Model]
    can_read: Callable[[Any, Any], bool]
    can_attach: Callable[[Any, Any], bool]


_purposes: dict[str, Purpose] = {}


def register_purpose(purpose: Purpose) -> None:
    """Make a purpose known; called in `AppConfig.ready()`."""
    _purposes[purpose.code] = purpose


def get(code: str) -> Purpose:
    """The purpose of that code. Raises KeyError."""
    return _purposes[code]
