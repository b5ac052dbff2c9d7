"""Every `make …` and `manage.py …` that README and docs name exists."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Print commands that do not exist."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    commands = {
        p.stem for p in ROOT.glob("*/**/management/commands/*.py") if p.stem != "__init__" and ".venv" not in p.parts
    }
    commands |= {"migrate", "collectstatic", "check", "makemessages", "compilemessages", "createsuperuser", "runserver"}
    wrong = []
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = page.read_text(encoding="utf-8")
        wrong += [f"{page.name}: make {name}" for name in re.findall(r"`make ([a-z-]+)", text) if name not in targets]
        wrong += [
            f"{page.name}: manage.py {name}"
            for name in re.findall(r"manage\.py ([a-z_]+)", text)
            if name not in commands
        ]
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
