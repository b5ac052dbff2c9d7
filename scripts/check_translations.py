"""No word is missing in Chinese, none is fuzzy: collect into a copy and compare."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import polib
from messages import ROOT, collect

CATALOGUE = Path("portal/locale/zh_Hans/LC_MESSAGES/django.po")
COPIED = ("portal", "responsibility", "education", "systems", "cases", "templates", "manage.py")
# Wrong translations break pages; a catalogue with holes only shows English in them.
SHOWN = 15


def main() -> int:
    """Print what is missing."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for name in COPIED:
            source = ROOT / name
            if source.is_dir():
                shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source, copy / name)
        os.environ["PORTAL_STATE_DIR"] = str(ROOT / ".portal")
        if collect(copy):
            return 1
        fresh = polib.pofile(str(copy / CATALOGUE))
    missing = [entry.msgid for entry in fresh.untranslated_entries()]
    fuzzy = [entry.msgid for entry in fresh.fuzzy_entries()]
    for title, words in (("not translated", missing), ("fuzzy", fuzzy)):
        for word in words[:SHOWN]:
            print(f"{title}: {word!r}")
        if len(words) > SHOWN:
            print(f"... and {len(words) - SHOWN} more {title}")
    return 1 if missing or fuzzy else 0


if __name__ == "__main__":
    sys.exit(main())
