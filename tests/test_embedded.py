"""The services of a checkout: found again, also after a crash, with a number that a stranger has now."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from portal import embedded


@pytest.fixture(scope="module")
def state() -> Iterator[Path]:
    """A state folder with a PostgreSQL of its own; no Valkey."""
    with pytest.MonkeyPatch.context() as patched, TemporaryDirectory(prefix="state-", dir="/var/tmp") as name:
        patched.delenv("DATABASE_URL", raising=False)
        patched.setenv("REDIS_URL", "redis://not-started")
        folder = Path(name)
        # The server runs as nobody where the tests run as root.
        folder.chmod(0o711)
        embedded.start(folder)
        yield folder
        embedded.stop(folder)
        places = embedded._places(folder)
        for left in {places.run, places.data.parent} - {folder}:
            shutil.rmtree(left, ignore_errors=True)


def postmaster(state: Path) -> int:
    return embedded._pid_in(embedded._places(state).data / "postmaster.pid")


def children_of(pid: int) -> list[int]:
    import psutil

    return [child.pid for child in psutil.Process(pid).children()]


def crash(state: Path) -> None:
    """Kill the server and all its processes, as a power cut does; its file and its socket stay."""
    pid = postmaster(state)
    family = [pid, *children_of(pid)]
    for member in family:
        os.kill(member, signal.SIGKILL)
    while any(embedded._is_our_postgres(embedded._places(state), member) for member in family):
        pass


@pytest.fixture
def stranger() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    yield process
    process.kill()
    process.wait()


def test_a_server_that_answers_is_left_alone(state: Path) -> None:
    before = postmaster(state)
    embedded.start(state)
    assert postmaster(state) == before


def test_after_a_crash_it_starts_again(state: Path) -> None:
    crash(state)
    assert not embedded.status(state)["postgresql"]
    embedded.start(state)
    assert embedded.status(state)["postgresql"]


def test_a_stranger_with_the_number_of_the_old_server_is_neither_taken_for_it_nor_harmed(
    state: Path, stranger: subprocess.Popen[bytes]
) -> None:
    before = embedded._places(state).data / "postmaster.pid"
    lines = before.read_text().splitlines()
    crash(state)
    lock = next(embedded._places(state).socket_folder.glob(".s.PGSQL.*.lock"))
    for file in (before, lock):
        file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
    assert not embedded.status(state)["postgresql"]
    embedded.stop(state)
    embedded.start(state)
    assert embedded.status(state)["postgresql"]
    assert postmaster(state) != stranger.pid
    assert stranger.poll() is None
