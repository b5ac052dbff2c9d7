"""makemessages that also finds the words the code marks with `_t`, the translation at once."""

from typing import ClassVar

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Django's own, with one keyword more."""

    xgettext_options: ClassVar[list[str]] = [*makemessages.Command.xgettext_options, "--keyword=_t"]
