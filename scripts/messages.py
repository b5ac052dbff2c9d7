"""Collect the words to be translated into portal/locale/, from code and templates."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
IGNORED = ("node_modules/*", ".venv/*", ".portal/*", "tests/*", "benchmarks/*", "scripts/*", "static/*")


def collect(root: Path) -> int:
    """Run makemessages in a checkout or a copy of it."""
    command = [sys.executable, "manage.py", "makemessages", "-l", "zh_Hans", "--no-location", "--no-obsolete", "-v0"]
    command += [part for pattern in IGNORED for part in ("-i", pattern)]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return subprocess.run(
        command, cwd=root, env={**os.environ, "PATH": path, "PORTAL_DEMO": "true"}, check=False
    ).returncode


if __name__ == "__main__":
    raise SystemExit(collect(ROOT))
