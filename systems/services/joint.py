"""The verbs of joint supervision: bind units together, end a group, set a joint duty, confirm one's part."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations import services as obligations
from portal.obligations.choices import State
from portal.obligations.policies import require
from portal.obligations.services import DutyDraft
from portal.organisation.models import Unit
from portal.web.errors import NotAllowed
from portal.workdays import clock
from systems import policies
from systems.errors import (
    ConfirmedAlready,
    DayPast,
    DoneMissing,
    GroupEnded,
    MemberTwice,
    TooFewMembers,
)
from systems.models import JointDuty, JointGroup, JointMember, JointRole, JointShare, RequiredSystem
from systems.services.guards import require_reason, require_unit
from systems.services.people import of_unit, tell

DUTY = "joint_duty"


def _log(by: User | None, verb: str, group: JointGroup, **data: object) -> None:
    audit.record(by, f"joint.{verb}", group, data=data)


def _require_over(by: User, units: Sequence[Unit]) -> None:
    """The coordinator binds only units of the own part of the tree."""
    if not all(by.standing.over(str(unit.path), *policies.OVERSEERS[:1]) for unit in units):
        raise NotAllowed


@transaction.atomic
def bind(
    by: User,
    *,
    name_en: str,
    name_zh: str,
    category: RequiredSystem,
    basis: str,
    supervisors: Sequence[tuple[Unit, str]],
    supervised: Sequence[tuple[Unit, str]],
) -> JointGroup:
    """Let units answer for each other; each comes with what it answers for.

    Raises TooFewMembers, MemberTwice, UnitEnded, NotAllowed.
    """
    require(policies.may_keep_groups(by))
    members = [(unit, JointRole.SUPERVISOR, duty) for unit, duty in supervisors]
    members += [(unit, JointRole.SUPERVISED, duty) for unit, duty in supervised]
    _require_over(by, [unit for unit, _role, _duty in members])
    if not supervisors or not supervised:
        raise TooFewMembers
    seen: set[int] = set()
    for unit, _role, _duty in members:
        require_unit(unit)
        if unit.pk in seen:
            raise MemberTwice(unit=unit.name)
        seen.add(unit.pk)
    group = JointGroup.objects.create(
        name_en=name_en.strip(),
        name_zh=name_zh.strip() or name_en.strip(),
        category=category,
        basis=basis.strip(),
        starts_on=clock.today(),
    )
    JointMember.objects.bulk_create(
        JointMember(group=group, unit=unit, role=role, duty=duty.strip()) for unit, role, duty in members
    )
    _log(by, "bound", group, units=sorted(unit.code for unit, _role, _duty in members))
    for unit, _role, _duty in members:
        tell("joint_bound", of_unit(unit), group, unit, name_en=group.name_en or group.name_zh, name_zh=group.name_zh)
    return group


def found(by: User, group_id: int) -> JointGroup:
    """The group, locked, for who keeps it. Raises DoesNotExist, NotAllowed, GroupEnded."""
    JointGroup.objects.visible_to(by).get(pk=group_id)
    group = JointGroup.objects.select_for_update(of=("self",), no_key=True).get(pk=group_id)
    require(policies.may_keep_groups(by))
    _require_over(by, [member.unit for member in group.members.select_related("unit")])
    if group.ended_on is not None:
        raise GroupEnded
    return group


@transaction.atomic
def end(by: User, group_id: int, *, reason: str) -> JointGroup:
    """End a group and what it still owes together. Raises GroupEnded, ReasonMissing, NotAllowed."""
    group = found(by, group_id)
    said = require_reason(reason)
    group.ended_on, group.end_reason = clock.today(), said
    group.save(update_fields=["ended_on", "end_reason"])
    open_shares = JointShare.objects.filter(duty__group=group, obligation__state=State.OPEN)
    for share in open_shares.order_by("obligation_id"):
        obligations.cancel(share.obligation_id, reason=said, by=by)
    _log(by, "ended", group, reason=said)
    return group


@transaction.atomic
def set_duty(by: User, group_id: int, *, title: str, due_on: date) -> JointDuty:
    """Set something that all units of a group owe together by a day. Raises GroupEnded, DayPast, NotAllowed, OutOfCalendar."""
    group = found(by, group_id)
    if due_on <= clock.today():
        raise DayPast
    duty = JointDuty.objects.create(group=group, title=title.strip(), due_on=due_on, made_by=by, made_on=clock.today())
    units = [member.unit for member in group.members.select_related("unit") if member.unit.dissolved_on is None]
    label = duty.title[:160]
    drafts = [
        DutyDraft(unit.pk, due_on, f"Joint duty: {label}", f"连带责任事项：{label}", due_on.year) for unit in units
    ]
    opened = obligations.open_many(DUTY, drafts)
    JointShare.objects.bulk_create(
        JointShare(duty=duty, unit=unit, obligation=owed) for unit, owed in zip(units, opened, strict=True)
    )
    _log(by, "duty_set", group, title=duty.title, due_on=due_on)
    return duty


@transaction.atomic
def confirm(by: User, share_id: int, *, expected_version: int, statement: str) -> JointShare:
    """Confirm the part of one's unit. With the last part all are done; until then all of them still owe.

    Raises ConfirmedAlready, DoneMissing, GroupEnded, UnitEnded, NotAllowed, Conflict.
    """
    share = JointShare.objects.select_related("duty__group", "unit").get(pk=share_id)
    # Who confirms takes turns: the last of two at once must see the other.
    duty = JointDuty.objects.select_for_update(of=("self",)).get(pk=share.duty_id)
    share = JointShare.objects.locked(share_id)
    require(policies.may_decide(by, share.unit))
    require_unit(share.unit)
    if duty.group.ended_on is not None:
        raise GroupEnded
    if share.confirmed_on is not None:
        raise ConfirmedAlready
    if not statement.strip():
        raise DoneMissing
    share.save_fields(
        expected_version=expected_version,
        statement=statement.strip(),
        confirmed_by=by,
        confirmed_on=clock.today(),
    )
    _log(by, "confirmed", duty.group, unit=share.unit.code, title=duty.title)
    settle(duty)
    return share


def settle(duty: JointDuty) -> None:
    """Discharge the duty of every unit once all parts are there; parts of units that are no more are not waited for."""
    shares = list(duty.shares.select_related("unit").order_by("obligation_id"))
    if duty.done_on is not None or any(s.confirmed_on is None and s.unit.dissolved_on is None for s in shares):
        return
    duty.done_on = clock.today()
    duty.save(update_fields=["done_on"])
    for share in shares:
        obligations.discharge(share.obligation_id)
