"""The kinds of notice: each is registered by the app that sends it, with the names its sentences use."""

from dataclasses import dataclass

from django.utils.functional import Promise

Text = str | Promise


@dataclass(frozen=True)
class NoticeKind:
    """A kind of notice. `subject` and `body` use %(name)s for the names in `variables`; `formal` ones prove something."""

    code: str
    subject: Text
    body: Text
    variables: tuple[str, ...]
    formal: bool = False


_kinds: dict[str, NoticeKind] = {}


def register(*kinds: NoticeKind) -> None:
    """Make kinds known; called in `AppConfig.ready()`."""
    _kinds.update({kind.code: kind for kind in kinds})


def get(code: str) -> NoticeKind:
    """The kind of that code. Raises KeyError."""
    return _kinds[code]


def is_formal(code: str) -> bool:
    """Whether notices of that kind prove something; those of an unknown kind do not."""
    kind = _kinds.get(code)
    return kind is not None and kind.formal


def kinds() -> list[NoticeKind]:
    """All kinds."""
    return list(_kinds.values())
