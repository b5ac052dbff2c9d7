"""`make bench`: every figure beside its floor, measured in the same run, each benchmark in a new database of its own.

A benchmark is a module with `measure() -> dict` that returns name, figure, floor, unit, ratio, budget and met. Name modules on
the command line to run only those.
"""

import importlib
import json
import os
import sys
from pathlib import Path

os.environ |= {
    "PORTAL_DATABASE": "portal_bench",
    "PORTAL_HTTPS": "false",
    # Those who measure sign in with a password alone.
    "SECOND_FACTOR_REQUIRED": "false",
    "LOG_LEVEL": "ERROR",
    "CACHE_KEY_PREFIX": "bench",
    "DJANGO_SETTINGS_MODULE": "portal.settings",
}
from portal import embedded

MODULES = (
    *("clock", "issue_letters", "sealing", "assessment", "dashboard", "import_persons", "network_search"),
    *("coverage_matrix", "system_search"),
    *("punishment_import", "punishment_index", "punishment_search", "screening"),
)
LATEST = Path(__file__).resolve().parent / "latest.json"
COLUMNS = ("name", "figure", "floor", "unit", "ratio", "budget", "met")


def main(wanted: list[str]) -> int:
    """Measure, print one table, write latest.json; 1 when a budget is not met."""
    state = embedded.state_dir()
    ran = all(embedded.status(state).values())
    embedded.start(state)
    import django

    django.setup()
    results = []
    for name in wanted or MODULES:
        sys.stderr.write(f"bench: {name} ...\n")
        _begin_anew(state)
        results.append(importlib.import_module(f"benchmarks.{name}").measure())
    widths = [max(len(str(column)), *(len(str(row[column])) for row in results)) for column in COLUMNS]
    for row in (dict(zip(COLUMNS, COLUMNS, strict=True)), *results):
        print("  ".join(str(row[column]).ljust(width) for column, width in zip(COLUMNS, widths, strict=True)))
    LATEST.write_text(json.dumps(results, indent=1) + "\n")
    if not ran:
        embedded.stop(state)
    return 0 if all(row["met"] for row in results) else 1


def _begin_anew(state: Path) -> None:
    """An empty database, migrated: no benchmark meets the rows of another."""
    from django.core.management import call_command
    from django.db import connection

    connection.close()
    embedded.drop_database(state, "portal_bench")
    embedded.start(state)
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
