"""What attachments belong to: each app says who may read and who may attach."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models


def _lets_go(obj: Any, attachment: Any) -> None:
    """Any file may be taken away."""


@dataclass(frozen=True)
class Purpose:
    """A kind of object that takes attachments.

    `before_detach(object, attachment)` raises a PortalError for a file that must stay.
    """

    code: str
    model: type[models.Model]
    can_read: Callable[[Any, Any], bool]
    can_attach: Callable[[Any, Any], bool]
    before_detach: Callable[[Any, Any], None] = _lets_go


_purposes: dict[str, Purpose] = {}


def register_purpose(purpose: Purpose) -> None:
    """Make a purpose known; called in `AppConfig.ready()`."""
    _purposes[purpose.code] = purpose


def get(code: str) -> Purpose:
    """The purpose of that code. Raises KeyError."""
    return _purposes[code]
