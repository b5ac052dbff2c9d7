"""Objects that move through states: each change is one conditional update, so that the faster of two wins cleanly."""

from typing import Any, Self, TypeVar

from django.db import models

from portal.web.errors import Conflict

M = TypeVar("M", bound=models.Model)


class VersionedQuerySet(models.QuerySet[M]):
    """Adds `locked` to a queryset."""

    def locked(self, pk: int) -> M:
        """The row, locked until the transaction ends, fresh from the database; must be called inside one."""
        return self.select_for_update(of=("self",), no_key=True).get(pk=pk)


class VersionedState(models.Model):
    """A row with a state and a version that counts its changes. Subclasses declare the field `state`."""

    version = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True

    def move_to(self, state: str, *, expected_version: int, **fields: Any) -> Self:
        """Change the state, and `fields` with it. Raises Conflict when the row is not at `expected_version`."""
        return self.save_fields(expected_version=expected_version, state=state, **fields)

    def save_fields(self, *, expected_version: int, **fields: Any) -> Self:
        """Write the fields and count up the version in one conditional update. Raises Conflict."""
        manager = type(self)._default_manager
        changed = manager.filter(pk=self.pk, version=expected_version).update(version=expected_version + 1, **fields)
        if not changed:
            raise Conflict(manager.get(pk=self.pk), fields)
        for name, value in fields.items():
            setattr(self, name, value)
        self.version = expected_version + 1
        return self
