"""What can be wrong with a change of units, each a whole sentence that says what to do."""

from django.utils.translation import gettext_lazy as _

from portal.web.errors import PortalError, WrongState


class BeforeLastChange(PortalError):
    code = "before-last-change"
    field = "effective_on"
    message = _("%(unit)s last changed on %(day)s. Choose that day or a later one.")


class BeforeTenure(PortalError):
    code = "before-tenure"
    field = "effective_on"
    message = _("%(holder)s took office in %(unit)s on %(day)s. Choose a later day, or mend that tenure first.")


class PlannedAlready(WrongState):
    code = "planned-already"
    message = _("A change of %(unit)s is planned for %(day)s. Withdraw it first.")


class NotPlanned(WrongState):
    code = "not-planned"
    message = _("This change is no longer planned: it was performed or withdrawn.")


class TopOfTree(WrongState):
    code = "top-of-tree"
    message = _("%(unit)s is the top of the tree: it can be renamed, and nothing else.")


class SameName(PortalError):
    code = "same-name"
    field = "name_zh"
    message = _("The unit has this name already. Write the new one.")


class SamePlace(PortalError):
    code = "same-place"
    field = "parent"
    message = _("The unit lies below %(unit)s already. Choose another one.")


class BelowItself(PortalError):
    code = "below-itself"
    field = "parent"
    message = _("%(unit)s is this unit or lies below it. Choose one outside of it.")


class SuccessorBelow(PortalError):
    code = "successor-below"
    field = "successor"
    message = _("%(unit)s lies below a unit that merges. Move it first, or choose another successor.")


class MergedIntoItself(PortalError):
    code = "merged-into-itself"
    field = "successor"
    message = _("%(unit)s is one of the units that merge. Choose another successor, or leave it out.")


class NoSuccessor(PortalError):
    code = "no-successor"
    field = "successor"
    message = _("Choose the unit that goes on, or give code and name of a new one; not both.")


class MergedAlone(PortalError):
    code = "merged-alone"
    field = "others"
    message = _("One unit alone becomes no new one by a merger. Name the others, or rename the unit.")


class ChildrenGoWithTheUnit(PortalError):
    code = "children-go-with-the-unit"
    field = "children_to"
    message = _("%(unit)s merges too or lies below a unit that does. Choose one outside.")


class CodeTaken(PortalError):
    code = "code-taken"
    message = _("The code %(code)s is taken. Choose another.")

    def __init__(self, *, field: str, code: str) -> None:
        super().__init__(code=code)
        self.field = field  # type: ignore[misc]


class TooFewParts(PortalError):
    code = "too-few-parts"
    message = _("A unit that ends is split into two new ones at least. One new unit is enough where it goes on.")


class ChildrenLeft(PortalError):
    code = "children-left"
    message = _("The unit ends, so each unit below it must go to a new one. Still to be placed: %(units)s.")


class DecisionMissing(PortalError):
    code = "decision-missing"
    message = _("Decide what becomes of each group of what is touched.")


class NobodyTops(WrongState):
    code = "nobody-tops"
    message = _("The unit has no post of top leader. Import it first.")


class BeforeTheHolder(PortalError):
    code = "before-the-holder"
    field = "starts_on"
    message = _("%(holder)s holds the post from %(day)s on. The handover must come after that day.")


class HandoverToHolder(PortalError):
    code = "handover-to-holder"
    field = "person"
    message = _("%(holder)s holds the post since %(day)s already. Choose the successor.")
