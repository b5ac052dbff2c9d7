"""The rows of the matrix: one module for each app, found by itself."""

from importlib import import_module
from pkgutil import iter_modules

from tests.authorization.table import Row

TABLE: dict[str, Row] = {}
for module in iter_modules(__path__):
    TABLE |= import_module(f"{__name__}.{module.name}").ROWS
