"""Pages of long lists without counting millions of rows."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

CAP = 10_000


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts up to a cap; past it people narrow the list by a filter."""

    @cached_property
    def count(self) -> int:
        """The number of rows, at most the cap."""
        rows: Any = self.object_list
        # A table wraps its rows twice: in rows as drawn, and in data as sorted.
        while not isinstance(rows, QuerySet) and hasattr(rows, "data"):
            rows = rows.data
        if isinstance(rows, QuerySet):
            return rows.order_by()[:CAP].count()
        return len(rows)

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.count >= CAP
