"""What a document is to be signed with. Apart from what signs it, which takes a third of a second to import."""

from typing import NamedTuple


class Seal(NamedTuple):
    """A signature to be given: the name of its field, whose it is, in which office, where it is verified."""

    field: str
    name: str = ""
    reason: str = ""
    contact: str = ""
