"""Imports of very many rows: staged by COPY, checked and written in the background, chunk by chunk.

1. Check: the file is streamed; each chunk of rows is read, compared with the portal, and staged with what it would change or
   what is wrong with it. Memory does not grow with the file.
2. Write, when the person has seen the figures: chunk by chunk, each in one transaction with its progress. Rows with something
   wrong are left out; they are given back as a file to mend and upload again.

A kill at any point loses nothing: checking goes on behind the last staged row, writing at the first row not written. The same
file again changes nothing.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar, NamedTuple

from django.db import models
from django.utils.translation import gettext as _t

from portal.web.i18n import is_chinese
from portal.web.imports.base import Column, Row, RowError, Text
from portal.web.models import ImportRun

# The heading of the column that says what is wrong, in a file given back; it is passed over when the file returns.
WRONG = ("What is wrong", "问题")
Problem = tuple[str, str]


class StagedRow(models.Model):
    """A row of a file on its way in. `effects` are the words of what it would do, with spaces between; none: nothing."""

    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="+", db_index=False)
    number = models.PositiveIntegerField()
    cells = models.JSONField()
    # Heading and reason of each thing that is wrong.
    problems = models.JSONField(null=True)
    effects = models.CharField(max_length=80, blank=True)
    written = models.BooleanField(default=False)

    class Meta:
        abstract = True
        ordering = ("number",)
        constraints: ClassVar = [models.UniqueConstraint(fields=("run", "number"), name="%(class)s_once_in_a_run")]

    def __str__(self) -> str:
        return f"{self.run} {self.number}"


class Staged(NamedTuple):
    """What is known of a row after reading it: what is wrong, what it would do, the values of the app's own columns."""

    row: Row
    problems: Sequence[Problem]
    effects: Sequence[str]
    values: Sequence[Any]


class StagedImporter(ABC):
    """An import of very many rows. Subclasses set what is declared here and say how a chunk is read and written.

    `nouns` has for each effect its lazy plural with `%(count)s`; `done` leads to where the result is seen.
    """

    code: ClassVar[str]
    title: ClassVar[Text]
    columns: ClassVar[Sequence[Column]]
    nouns: ClassVar[Mapping[str, Any]]
    rows: ClassVar[type[StagedRow]]
    own_columns: ClassVar[Sequence[str]]
    # Those of them that are texts: an empty one is no NULL.
    texts: ClassVar[Sequence[str]] = ()

    def __init__(self, run: ImportRun, by: Any, headings: Mapping[str, str]) -> None:
        """`headings`: how the file itself calls the columns that it has, by code."""
        self.run = run
        self.by = by
        self.headings = headings

    @abstractmethod
    def read(self, rows: Sequence[Row]) -> Iterable[Staged]:
        """Read a chunk and compare it with the portal, in a fixed number of queries."""

    @abstractmethod
    def settle(self) -> None:
        """Look at the file as a whole once it is staged, such as for what stands in it twice."""

    @abstractmethod
    def write(self, first: int, last: int) -> None:
        """Write the ready rows with these numbers, by statements over the staging table; inside a transaction.

        Everything is asked again: a row that no longer fits is given a problem instead.
        """

    def heading(self, code: str) -> str:
        """A column as the file calls it; as the template does where the file has none."""
        known = {column.code: column.headings for column in self.columns}
        return self.headings.get(code) or known[code][1 if is_chinese() else 0]


_importers: dict[str, type[StagedImporter]] = {}


def add(importer: type[StagedImporter]) -> None:
    """Make an importer known."""
    _importers[importer.code] = importer


def importer_of(run: ImportRun) -> type[StagedImporter]:
    """What imports an upload."""
    return _importers[run.kind]


class Figures(NamedTuple):
    """How many rows are ready to be written, to be mended, unchanged; and what the ready ones do, by word."""

    ready: int
    mend: int
    unchanged: int
    effects: Counter[str]


def rows_of(run: ImportRun) -> "models.QuerySet[StagedRow]":
    """The staged rows of an upload."""
    return importer_of(run).rows._default_manager.filter(run=run)


def ready(run: ImportRun) -> "models.QuerySet[StagedRow]":
    """The rows that would change something and were not written yet."""
    return rows_of(run).filter(problems__isnull=True, written=False).exclude(effects="")


def counted(rows: "models.QuerySet[StagedRow]") -> Counter[str]:
    """How many rows do what."""
    found: Counter[str] = Counter()
    for effects, number in rows.order_by().values_list("effects").annotate(n=models.Count("pk")):
        found.update(dict.fromkeys(effects.split(), number))
    return found


def figures(run: ImportRun) -> Figures:
    """What the check found, in a fixed number of queries."""
    rows = rows_of(run)
    waiting = ready(run)
    fine = models.Q(problems__isnull=True)
    sums = rows.aggregate(
        mend=models.Count("pk", filter=~fine), unchanged=models.Count("pk", filter=fine & models.Q(effects=""))
    )
    # Those that changed nothing are forgotten with the written ones.
    unchanged = sums["unchanged"] + run.summary.get("unchanged", 0)
    return Figures(waiting.count(), sums["mend"], unchanged, counted(waiting))


def first_problems(run: ImportRun, rows: int) -> Iterator[RowError]:
    """What is wrong with the headings, and with the first of the rows that are to be mended."""
    yield from (RowError(*error) for error in run.summary.get("refused", ()))
    for number, found in rows_of(run).filter(problems__isnull=False).values_list("number", "problems")[:rows]:
        yield from (RowError(number, heading, reason) for heading, reason in found or ())


def to_mend(run: ImportRun) -> Iterator[list[str]]:
    """The rows with something wrong as they were, with what it is in a last column: to be mended and uploaded again."""
    by_heading = {heading: code for code, heading in run.summary["headings"].items()}
    order = [heading for heading in run.summary["order"] if heading.strip() in by_heading]
    yield [*order, WRONG[1 if is_chinese() else 0]]
    for cells, found in rows_of(run).filter(problems__isnull=False).values_list("cells", "problems").iterator():
        reasons = " ".join(_t("%(column)s: %(reason)s") % {"column": c, "reason": r} for c, r in found or ())
        yield [*(cells.get(by_heading[heading.strip()], "") for heading in order), reasons]
