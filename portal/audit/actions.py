"""Actions in words: each room registers the sentences of its own."""

from collections.abc import Mapping

from django.utils.functional import Promise

Text = str | Promise
_sentences: dict[str, Text] = {}


def register(sentences: Mapping[str, Text]) -> None:
    """Add sentences by action code; called in `AppConfig.ready()`."""
    _sentences.update(sentences)


def sentence(action: str) -> str:
    """What an action means; its code where no app has said."""
    return str(_sentences.get(action, action))


def choices() -> list[tuple[str, str]]:
    """All actions, for a filter."""
    return sorted(((code, str(text)) for code, text in _sentences.items()), key=lambda pair: pair[1])
