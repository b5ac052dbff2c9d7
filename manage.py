#!/usr/bin/env python
"""Django's command line for the portal."""

import os
import sys

from portal import embedded


def main() -> None:
    """Start the embedded services where none are configured, then run the command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    embedded.ensure_for_command(sys.argv[1:])
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
