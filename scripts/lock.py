"""Resolve the requirements anew from pyproject.toml; the lock names no address."""

import subprocess
import sys
from pathlib import Path

from check import LOCK, ROOT

BIN = Path(sys.executable).parent


def main() -> int:
    """Write both locks."""
    for name, extra in (("requirements.txt", []), ("requirements-dev.txt", ["--group", "dev"])):
        command = [str(BIN / LOCK[0]), *LOCK[1:], "pyproject.toml", *extra, "-o", name]
        if subprocess.run(command, cwd=ROOT, check=False).returncode:
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
