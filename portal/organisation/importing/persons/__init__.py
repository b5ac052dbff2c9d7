"""The import of persons in great number: who works where, transfers and leavers."""

from portal.organisation.importing.persons.importer import PersonsImporter

__all__ = ["PersonsImporter"]
