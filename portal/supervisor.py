"""Runs the demo as one command: services, migrations, the district, then web, worker and beat as children.

    python -m portal.supervisor demo --port 8000
    python -m portal.supervisor reset

Each child has a process group of its own and dies with this process, however it ends. Ctrl-C stops them in order: beat,
worker, web, then Valkey and PostgreSQL.
"""

import argparse
import contextlib
import ctypes
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http import HTTPStatus
from pathlib import Path
from types import FrameType

from portal import embedded

ROOT = embedded.CHECKOUT
PR_SET_PDEATHSIG = 1
READY_SECONDS = 180
STOP_SECONDS = 12
DATABASE = "portal_demo"


class Stop(Exception):
    """Somebody asked us to stop."""


def main(argv: list[str]) -> int:
    """Run or reset the demo."""
    parser = argparse.ArgumentParser(prog="python -m portal.supervisor")
    parser.add_argument("command", choices=("demo", "reset"))
    parser.add_argument("--port", type=int, default=8000)
    given = parser.parse_args(argv)
    os.environ |= {
        "PORTAL_DEMO": "1",
        "PORTAL_DATABASE": DATABASE,
        "CACHE_KEY_PREFIX": "demo",
        "SITE_URL": f"http://127.0.0.1:{given.port}",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }
    os.environ.setdefault("MEDIA_ROOT", str(embedded.state_dir() / "demo-media"))
    try:
        return reset() if given.command == "reset" else demo(given.port)
    except embedded.ServiceFailed as error:
        sys.stderr.write(f"demo: {error}\n")
        return 1
    except Stop:
        return 0


def reset() -> int:
    """Forget the demo district; the next `make demo` begins anew."""
    state = embedded.state_dir()
    embedded.start(state)
    embedded.drop_database(state, DATABASE)
    for folder in ("mail", "demo-media"):
        shutil.rmtree(state / folder, ignore_errors=True)
    embedded.stop(state)
    sys.stdout.write("The demo district is forgotten. Type: make demo\n")
    return 0


def demo(port: int) -> int:
    """Start everything, say where it is, and watch until somebody stops it."""
    if _taken(port):
        sys.stderr.write(f"demo: port {port} is in use. Type: make demo PORT={port + 1}\n")
        return 1
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    state = embedded.state_dir()
    children: list[tuple[str, subprocess.Popen[bytes]]] = []
    try:
        _say("Starting PostgreSQL and Valkey ...")
        embedded.start(state)
        _say("Preparing the database and the demo district (half a minute the first time) ...")
        _manage("migrate", "-v0")
        _manage("load_demo")
        _manage("collectstatic", "-v0", "--no-input")
        children = [(name, _start(name, command)) for name, command in _commands(port, state).items()]
        _wait_ready(port, children)
        _welcome(port)
        return _watch(children, state)
    except Stop:
        return 0
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_IGN)
        _say("Stopping ...")
        for _name, child in reversed(children):
            _end(child)
        embedded.stop(state)


def _stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
    return False


def _manage(*arguments: str) -> None:
    child = _start(arguments[0], [sys.executable, "manage.py", *arguments])
    try:
        code = child.wait()
    except Stop:
        _end(child)
        raise
    if code:
        raise embedded.ServiceFailed(f"`manage.py {' '.join(arguments)}` failed; see the lines above.")


def _commands(port: int, state: Path) -> dict[str, list[str]]:
    """The children in the order in which they start; they are stopped from the last to the first."""
    python = sys.executable
    gunicorn = (
        "--bind",
        f"127.0.0.1:{port}",
        "--workers",
        "2",
        "--threads",
        "4",
        "--timeout",
        "60",
        "--log-level",
        "warning",
    )
    celery = (python, "-m", "celery", "-A", "portal")
    quiet = ("--loglevel", "WARNING")
    return {
        "web": [python, "-m", "gunicorn", "portal.wsgi:application", *gunicorn],
        "worker": [*celery, "worker", "-c", "2", "--without-gossip", "--without-mingle", *quiet],
        "beat": [*celery, "beat", "--pidfile=", "-s", str(state / "beat-schedule"), *quiet],
    }


def _start(name: str, command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, preexec_fn=_die_with_parent)  # noqa: PLW1509


def _die_with_parent() -> None:
    """In the child: a group of its own, so that Ctrl-C is ours to pass on; end when the parent ends."""
    os.setsid()
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(child: subprocess.Popen[bytes]) -> None:
    """Ask a child to stop, and make it after a while; its whole group goes with it."""
    if child.poll() is None:
        child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(STOP_SECONDS)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def _wait_ready(port: int, children: list[tuple[str, subprocess.Popen[bytes]]]) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline:
        _require_alive(children)
        if _answers(port):
            return
        time.sleep(0.3)
    raise embedded.ServiceFailed("The portal did not become ready; see the lines above.")


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
            return bool(answer.status == HTTPStatus.OK)
    except (urllib.error.URLError, OSError):
        return False


def _require_alive(children: list[tuple[str, subprocess.Popen[bytes]]]) -> None:
    for name, child in children:
        if child.poll() is not None:
            raise embedded.ServiceFailed(f"The {name} ended by itself (code {child.returncode}); see the lines above.")


def _welcome(port: int) -> None:
    entries = json.loads((ROOT / "portal" / "demo" / "accounts.json").read_text(encoding="utf-8"))
    _say(f"\nThe portal runs at http://127.0.0.1:{port}/  (stop it with Ctrl-C)\n")
    for entry in entries:
        _say(f"  {entry['username']:<14}{entry['password']:<16}{entry['role']}")
    _say("")


def _watch(children: list[tuple[str, subprocess.Popen[bytes]]], state: Path) -> int:
    """Until somebody stops us: children must live, services are started again when they are gone."""
    while True:
        time.sleep(2)
        _require_alive(children)
        if not all(embedded.status(state).values()):
            embedded.start(state)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
