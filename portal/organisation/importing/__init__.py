"""Importing units, posts and persons from one flat sheet: a row is a person in a post of a unit, or a unit alone."""

from portal.organisation.importing.importer import UnitsImporter

__all__ = ["UnitsImporter"]
