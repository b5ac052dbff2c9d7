"""The verbs of the organisation: posts, leading groups, accounts. Changes of units: `services.changes`."""

from portal.organisation.services.groups import make_group, seat, unseat
from portal.organisation.services.handover import check_handover, hand_over, top_post
from portal.organisation.services.persons import create_account
from portal.organisation.services.posts import appoint, end_tenure, name_acting

__all__ = [
    "appoint",
    "check_handover",
    "create_account",
    "end_tenure",
    "hand_over",
    "make_group",
    "name_acting",
    "seat",
    "top_post",
    "unseat",
]
