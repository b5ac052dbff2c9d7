"""What the standard and the assessment refuse with, each a whole sentence."""

from django.utils.translation import gettext_lazy as _

from portal.web.errors import PortalError, WrongState


class DraftThere(WrongState):
    code = "draft-there"
    message = _("There is a draft of the standard already. Change that one, and adopt it.")


class StandardAdopted(WrongState):
    code = "standard-adopted"
    message = _("This version is adopted and never changed. Begin a new one, which is a copy of it.")


class CriterionTwice(PortalError):
    code = "criterion-twice"
    field = "code"
    message = _("This version has a criterion “%(code)s” already. Take another code.")


class StandardWeights(PortalError):
    code = "standard-weights"
    message = _("The weights of the indicators give %(sum)s, not 100. Mend them, then adopt the version.")


class NoStandard(PortalError):
    code = "no-standard"
    message = _("No version of the standard has been adopted yet. Adopt one first.")


class AssessmentThere(WrongState):
    code = "assessment-there"
    message = _("The assessment of %(year)s has been opened already.")


class AssessmentFixed(WrongState):
    code = "assessment-fixed"
    message = _("The scores of this year are frozen: nothing changes them any more.")


class NotInState(WrongState):
    code = "assessment-not-in-state"
    message = _("The assessment is not at this step. Load its page again to see where it stands.")


class CriterionNotMarked(PortalError):
    code = "criterion-not-marked"
    field = "code"
    message = _("This criterion is counted, not marked: the standard has no “mark” in its formula.")


class WindowPast(PortalError):
    code = "window-past"
    field = "until"
    message = _("The time for the units to check and to object must lie ahead; what comes after it is not taken.")


class DayAhead(PortalError):
    code = "day-ahead"
    field = "as_of"
    message = _("Facts count up to today at most: what is still to come is not known.")


class WindowOpen(WrongState):
    code = "window-open"
    message = _("The units may still check their scores and object. The scores are frozen after that.")


class ObjectionsOpen(WrongState):
    code = "objections-open"
    message = _("There are objections without an answer. Answer them first.")


class CheckedAlready(WrongState):
    code = "checked-already"
    message = _("The unit has checked its score already. It does so once.")


class AnsweredAlready(WrongState):
    code = "answered-already"
    message = _("There is no objection here that waits for an answer.")
