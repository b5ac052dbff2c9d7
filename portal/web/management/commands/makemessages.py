"""makemessages that also finds the words the code marks with `_t`, the translation at once."""

from django.core.management.commands import makemessages


class Command(makemessages.Command):
    """Django's own, with one keyword more."""

    xgettext_options = makemessages.Command.xgettext_options.copy()
    xgettext_options.append("--keyword=_t")
