"""The language of the standard: sums of measures, and nothing else a computer can do.

    0.6 * responsibility.reports_in_time_rate + 0.4 * mark
    max(0, 100 - 10 * responsibility.signing_days_late)
    100 if systems.findings == 0 else systems.rectified_in_time_rate

Numbers, + - * /, brackets, comparisons with `if … else`, `and`, `or`, `min(…)` and `max(…)`; a measure by its name, `mark` for
the points that a person gives. Numbers are exact (Decimal). A formula is read once and computed for any number of units.
"""

import ast
import operator
from collections.abc import Callable, Mapping
from decimal import Decimal, DivisionByZero, InvalidOperation
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.web.errors import PortalError

MARK = "mark"
MAX_LENGTH, MAX_NODES = 400, 80
Values = Mapping[str, Decimal]
Compute = Callable[[Values], Decimal]

_SUMS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
}  # fmt: skip
_COMPARISONS: dict[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt, ast.LtE: operator.le, ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}  # fmt: skip
_FUNCTIONS: dict[str, Callable[[Any], Any]] = {"min": min, "max": max}


class FormulaWrong(PortalError):
    """A formula that cannot be read."""

    code = "formula-wrong"
    field: ClassVar[str | None] = "formula"
    message: ClassVar[str | Promise] = _(
        "“%(text)s” cannot be read. Write numbers, measures, + - * / and brackets, min(…), max(…), or “A if B > 0 else C”."
    )


class UnknownMeasure(FormulaWrong):
    code = "unknown-measure"
    message = _("There is no measure “%(name)s”. The list below the field names those there are.")


class DividesByZero(FormulaWrong):
    code = "divides-by-zero"
    message = _("“%(text)s” divides by what is 0 for some units. Say what holds then: “A / B if B > 0 else 100”.")


class Formula(NamedTuple):
    """A formula as it was written, the measures it names, and how it is computed."""

    text: str
    names: frozenset[str]
    compute: Compute

    def of(self, values: Values) -> Decimal:
        """What it gives. Raises DividesByZero."""
        try:
            return self.compute(values)
        except (DivisionByZero, InvalidOperation, ZeroDivisionError) as error:
            raise DividesByZero(text=self.text) from error


@lru_cache(maxsize=500)
def read(text: str) -> Formula:
    """Read a formula. Raises FormulaWrong."""
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        raise FormulaWrong(text=text) from error
    if len(text) > MAX_LENGTH or sum(1 for _node in ast.walk(tree)) > MAX_NODES:
        raise FormulaWrong(text=text)
    reader = _Reader(text)
    compute = reader.read(tree.body)
    return Formula(text, frozenset(reader.names), compute)


def check(text: str, known: Mapping[str, Any]) -> Formula:
    """Read a formula and try it with the least and the most that measures give.

    Raises FormulaWrong, UnknownMeasure, DividesByZero.
    """
    found = read(text)
    for name in sorted(found.names - {MARK}):
        if name not in known:
            raise UnknownMeasure(name=name)
    for number in (Decimal(0), Decimal(100)):
        found.of(dict.fromkeys(found.names, number))
    return found


class _Reader:
    """Turns a tree into functions of the values; what is not in the language is refused."""

    def __init__(self, text: str) -> None:
        self.text, self.names = text, set[str]()

    def read(self, node: ast.AST) -> Compute:
        """A part of the formula."""
        match node:
            case ast.Constant(value=bool()):
                raise FormulaWrong(text=self.text)
            case ast.Constant(value=int() | float() as number):
                return self._constant(Decimal(str(number)))
            case ast.Name() | ast.Attribute():
                return self._named(node)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                part = self.read(inner)
                return lambda values: -part(values)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _SUMS:
                return self._two(_SUMS[type(op)], left, right)
            case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARISONS:
                return self._two(_COMPARISONS[type(op)], left, right)
            case ast.BoolOp(op=op, values=parts):
                joined, read = (all if isinstance(op, ast.And) else any), [self.read(part) for part in parts]
                return lambda values: joined(part(values) for part in read)  # type: ignore[return-value]
            case ast.IfExp(test=test, body=body, orelse=other):
                asked, then, otherwise = self.read(test), self.read(body), self.read(other)
                return lambda values: then(values) if asked(values) else otherwise(values)
            case ast.Call(func=ast.Name(id=name), args=[_, *_] as args, keywords=[]) if name in _FUNCTIONS:
                function, taken = _FUNCTIONS[name], [self.read(arg) for arg in args]
                return lambda values: function([arg(values) for arg in taken])
            case _:
                raise FormulaWrong(text=self.text)

    @staticmethod
    def _constant(number: Decimal) -> Compute:
        return lambda _values: number

    def _two(self, join: Callable[[Any, Any], Any], left: ast.AST, right: ast.AST) -> Compute:
        first, second = self.read(left), self.read(right)
        return lambda values: join(first(values), second(values))

    def _named(self, node: ast.AST) -> Compute:
        name = ast.unparse(node)
        if not all(part.isidentifier() for part in name.split(".")):
            raise FormulaWrong(text=self.text)
        self.names.add(name)
        return operator.itemgetter(name)
