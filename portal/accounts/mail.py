"""Letters about accounts, without this floor knowing what an outbox is."""

from typing import Any, Protocol

from portal.accounts.models import User


class Sender(Protocol):
    """Puts a letter into the outbox, in the caller's transaction. `secret`: the body lets its reader in."""

    def __call__(self, to: User, *, subject: str, body: str, language: str, secret: bool) -> Any:
        """Write it; somebody else sends it."""


_senders: list[Sender] = []


def register_sender(sender: Sender) -> None:
    """Say who sends; called in `AppConfig.ready()` of the app that does."""
    _senders[:] = [sender]


def send(to: User, *, subject: str, body: str, language: str, secret: bool) -> None:
    """Write a letter to a user; nothing is sent while the person waits."""
    for sender in _senders:
        sender(to, subject=subject, body=body, language=language, secret=secret)
