"""The verbs of the organisation: posts, leading groups, units, accounts."""

from portal.organisation.services.groups import make_group, seat, unseat
from portal.organisation.services.persons import create_account
from portal.organisation.services.posts import appoint, end_tenure, name_acting
from portal.organisation.services.units import dissolve

__all__ = [
    "appoint",
    "create_account",
    "dissolve",
    "end_tenure",
    "make_group",
    "name_acting",
    "seat",
    "unseat",
]
