"""Institutional systems: what must be there, what is there, whether it is lived."""

from systems.models.catalogue import CatalogueLevel, RequiredSystem, Requirement

__all__ = [
    "CatalogueLevel",
    "RequiredSystem",
    "Requirement",
]
