"""The sets of words the engine uses; plain, so that rules need no database."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    """What a rung does. All but the reminders are formal: they are never skipped and count in the assessment."""

    REMIND = "remind", _("Reminder")
    OVERDUE_NOTICE = "overdue_notice", _("Overdue notice")
    SUPERVISION_NOTICE = "supervision_notice", _("Supervision notice")
    OPEN_ACCOUNTABILITY = "open_accountability", _("Accountability opens")
    RAISE_LEVEL = "raise_level", _("Accountability is raised")


class Raising(models.TextChoices):
    """What becomes of the case of a duty when its ladder raises it; the floor that keeps cases says it of each duty."""

    UP = "up", _("one level up the tree")
    TOP = "top", _("no level stands above")
    REFERRED = "referred", _("referred to the body above")
    NO_CASE = "no_case", _("no case")


FORMAL = frozenset(Action) - {Action.REMIND}


class Audience(models.TextChoices):
    """Who is told at a rung, seen from the unit that owes."""

    TOP_LEADER = "top_leader", _("top leader")
    LIAISON = "liaison", _("liaison")
    COORDINATOR = "coordinator", _("coordinator")
    GROUP_HEAD = "group_head", _("head of the responsible leading group")
    UPPER_HEAD = "upper_head", _("head of the leading group one level up")


class State(models.TextChoices):
    """Where a duty stands with the ledger; overdue and vacant are read from dates, not stored."""

    OPEN = "open", _("Open")
    DISCHARGED = "discharged", _("Done")
    WAIVED = "waived", _("Exempt")
    CANCELLED = "cancelled", _("Ended")


class Outcome(models.TextChoices):
    """What became of a rung that was reached."""

    TAKEN = "taken", _("taken")
    # Reminders that were reached together: only the newest is sent.
    SETTLED = "settled", _("settled by a newer one")


class DecisionKind(models.TextChoices):
    """The decisions that change when, or whether, a duty is owed."""

    EXTENSION = "extension", _("Extension")
    SUSPENSION = "suspension", _("Suspension")
    WAIVER = "waiver", _("Exemption")
