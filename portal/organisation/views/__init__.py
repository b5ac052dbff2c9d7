"""The pages of units, posts, leading groups, accounts of persons, and the import."""

from portal.organisation.views.accounts import AccountsPage, CloseAccount, OpenAccount
from portal.organisation.views.changes import ChangeIndex, ChangeRecord, ChangeUnit, WithdrawChange
from portal.organisation.views.groups import GroupsPage, MakeGroup, Seat, Unseat
from portal.organisation.views.handover import HandedOver, HandOver
from portal.organisation.views.imports import CheckImport, ImportTemplate, ImportUnits
from portal.organisation.views.invitations import InvitePeople
from portal.organisation.views.people import CheckPersons, ImportPersons, PeoplePage, PersonsTemplate
from portal.organisation.views.persons import AccountMade, CreateAccount
from portal.organisation.views.posts import Appoint, EndTenure, NameActing
from portal.organisation.views.units import UnitPage, UnitsPage

__all__ = [
    "AccountMade",
    "AccountsPage",
    "Appoint",
    "ChangeIndex",
    "ChangeRecord",
    "ChangeUnit",
    "CheckImport",
    "CheckPersons",
    "CloseAccount",
    "CreateAccount",
    "EndTenure",
    "GroupsPage",
    "HandOver",
    "HandedOver",
    "ImportPersons",
    "ImportTemplate",
    "ImportUnits",
    "InvitePeople",
    "MakeGroup",
    "NameActing",
    "OpenAccount",
    "PeoplePage",
    "PersonsTemplate",
    "Seat",
    "UnitPage",
    "UnitsPage",
    "Unseat",
    "WithdrawChange",
]
