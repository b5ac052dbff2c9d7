"""The pages of units, posts, leading groups, accounts of persons, and the import."""

from portal.organisation.views.groups import GroupsPage, MakeGroup, Seat, Unseat
from portal.organisation.views.imports import CheckImport, ImportTemplate, ImportUnits
from portal.organisation.views.invitations import InvitePeople
from portal.organisation.views.people import CheckPersons, ImportPersons, PeoplePage, PersonsTemplate
from portal.organisation.views.persons import AccountMade, CreateAccount
from portal.organisation.views.posts import Appoint, EndTenure, NameActing
from portal.organisation.views.units import Dissolve, UnitPage, UnitsPage

__all__ = [
    "AccountMade",
    "Appoint",
    "CheckImport",
    "CheckPersons",
    "CreateAccount",
    "Dissolve",
    "EndTenure",
    "GroupsPage",
    "ImportPersons",
    "ImportTemplate",
    "ImportUnits",
    "InvitePeople",
    "MakeGroup",
    "NameActing",
    "PeoplePage",
    "PersonsTemplate",
    "Seat",
    "UnitPage",
    "UnitsPage",
    "Unseat",
]
