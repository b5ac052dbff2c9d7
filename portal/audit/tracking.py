"""What rows were before and after each change, kept by triggers: master data only, never tables of millions of rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pghistory
from django.apps import apps
from django.db import models

# The label of an event that shows how a row stood when tracking began; nothing happened to it then.
BASELINE = "baseline"


def history() -> tuple[pghistory.Tracker, ...]:
    """What is kept of each change. Many rows at a time are recorded by one statement; a statement-level update would
    join its rows and take seconds."""
    return (
        pghistory.InsertEvent(level=pghistory.Statement),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
    )


@contextmanager
def done_by(user_id: Any) -> Iterator[None]:
    """Whatever changes in here was changed by that user; None: by the portal itself."""
    with pghistory.context(user=user_id):
        yield


def events_of(model: type[models.Model]) -> type[models.Model] | None:
    """The table of a model's changes, where they are kept."""
    for found in apps.get_models():
        if getattr(found, "pgh_tracked_model", None) is model:
            return found
    return None


def baseline(table: str, events: str, columns: str) -> str:
    """SQL that keeps how the rows of `table` stand when tracking begins, for a migration."""
    return (
        f"INSERT INTO {events} (pgh_created_at, pgh_label, pgh_obj_id, {columns})"  # noqa: S608 - names of our own
        f" SELECT now(), '{BASELINE}', id, {columns} FROM {table}"
    )
