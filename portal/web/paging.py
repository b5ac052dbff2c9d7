"""Pages of long lists without counting millions of rows."""

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

CAP = 10_000


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts up to a cap; past it people narrow the list by a filter."""

    @cached_property
    def count(self) -> int:
        """The number of rows, at most the cap."""
        rows = getattr(self.object_list, "data", self.object_list)
        if isinstance(rows, QuerySet):
            return rows.order_by()[:CAP].count()
        return len(rows)

    @property
    def is_capped(self) -> bool:
        """Whether there are more rows than were counted."""
        return self.count >= CAP
