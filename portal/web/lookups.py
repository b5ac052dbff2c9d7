"""Lookups that Django lacks."""

from typing import Any

from django.db.models import Field, ForeignKey, Lookup


@ForeignKey.register_lookup
@Field.register_lookup
class AnyOf(Lookup):  # type: ignore[type-arg]
    """`pk__any=ids`: as `pk__in`, with the values as one array.

    Preparing five hundred placeholders takes longer than the query itself; it pays where a batch is asked for again and again.
    """

    lookup_name = "any"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        """The condition, and the values as its one parameter."""
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, list(self.rhs)]
