"""Imports of register, powers and findings from XLSX and CSV: checked as a whole, written as a whole or not at all."""

from systems.importing.findings import FindingsImporter
from systems.importing.powers import PowersImporter
from systems.importing.register import RegisterImporter

__all__ = ["FindingsImporter", "PowersImporter", "RegisterImporter"]
