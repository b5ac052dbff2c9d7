"""The verbs of exposure: prepare with its masks, mend, release by a second person, withdraw."""

from collections.abc import Sequence

from django.db import transaction

from cases import policies, redaction
from cases.errors import MaskNotInText, ReasonMissing, ReleasedByDrafter, StepNotOpen
from cases.models import CrimeCase, Exposure, ExposureState, Release, Stage
from cases.redaction import Mask
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit import services as audit
from portal.organisation.models import Rank, Sector
from portal.web.errors import NotAllowed
from portal.workdays import clock

# Nothing before the judgment is effective, unless both of these release it together.
BOTH = (Role.COORDINATOR, Role.HEAD)


def masks_of(case: CrimeCase, text: str, more: Sequence[str], fewer: Sequence[str]) -> list[Mask]:
    """What is masked in a text: what the rules find, the persons of the case, what people added, without what they took away.

    Raises MaskNotInText for something to be masked that does not stand in the text.
    """
    for word in more:
        if word not in text:
            raise MaskNotInText(text=word)
    known = [*case.suspects.values_list("name", flat=True), *more]
    return [mask for mask in redaction.find(text, known) if mask.text not in fewer]


@transaction.atomic
def prepare(
    by: User,
    case_id: int,
    *,
    title: str,
    text: str,
    lesson: str,
    sector: Sector,
    rank: Rank,
    more: Sequence[str] = (),
    fewer: Sequence[str] = (),
) -> Exposure:
    """Prepare the exposure of a case. Raises MaskNotInText, NotAllowed."""
    case = CrimeCase.objects.visible_to(by).get(pk=case_id)
    policies.require(policies.may_work_at(by, str(case.office.path)))
    masks = masks_of(case, text, more, fewer)
    made = Exposure.objects.create(
        case=case,
        title=redaction.apply(title, masks_of(case, title, (), fewer)),
        text=text,
        masks=[list(mask) for mask in masks],
        public_text=redaction.apply(text, masks),
        lesson=redaction.apply(lesson, masks_of(case, lesson, (), fewer)),
        sector=sector,
        rank=rank,
        drafted_by=by,
        drafted_at=clock.now(),
    )
    _log(by, "prepared", made)
    return made


@transaction.atomic
def mend_masks(
    by: User, exposure_id: int, *, expected_version: int, text: str, more: Sequence[str], fewer: Sequence[str]
) -> Exposure:
    """Change the text or its masks while it is a draft; what was released before is not any more.

    Raises StepNotOpen, MaskNotInText, NotAllowed, Conflict.
    """
    found = _locked(by, exposure_id, ExposureState.DRAFT)
    policies.require(policies.may_work_at(by, str(found.case.office.path)))
    if found.releases.exists():
        raise StepNotOpen
    masks = masks_of(found.case, text, more, fewer)
    found.save_fields(
        expected_version=expected_version,
        text=text,
        masks=[list(mask) for mask in masks],
        public_text=redaction.apply(text, masks),
    )
    _log(by, "mended", found)
    return found


@transaction.atomic
def release(by: User, exposure_id: int, *, expected_version: int) -> Exposure:
    """Release a draft of somebody else's. Before the judgment is effective coordinator and head both must.

    Raises ReleasedByDrafter, StepNotOpen, NotAllowed, Conflict.
    """
    found = _locked(by, exposure_id, ExposureState.DRAFT)
    role = policies.release_role(by, found)
    if role is None:
        raise NotAllowed
    if found.drafted_by_id == by.pk:
        raise ReleasedByDrafter
    if found.releases.filter(user=by).exists():
        raise StepNotOpen
    Release.objects.create(exposure=found, user=by, role=role, at=clock.now())
    _log(by, "released", found, role=role)
    roles = set(found.releases.values_list("role", flat=True))
    if is_effective(found.case) or roles >= set(BOTH):
        found.move_to(ExposureState.RELEASED, expected_version=expected_version, released_at=clock.now())
    else:
        found.save_fields(expected_version=expected_version)
    return found


def is_effective(case: CrimeCase) -> bool:
    """Whether the judgment of a case is effective."""
    return case.milestones.filter(stage=Stage.EFFECTIVE, reached_on__lte=clock.today()).exists()


@transaction.atomic
def withdraw(by: User, exposure_id: int, *, expected_version: int, reason: str) -> Exposure:
    """Take an exposure back; it is gone from the public page at once. Raises StepNotOpen, ReasonMissing, NotAllowed, Conflict."""
    found = _locked(by, exposure_id, ExposureState.DRAFT, ExposureState.RELEASED)
    policies.require(policies.may_work_at(by, str(found.case.office.path)))
    if not reason.strip():
        raise ReasonMissing
    found.move_to(ExposureState.WITHDRAWN, expected_version=expected_version, withdrawal_reason=reason.strip())
    _log(by, "withdrawn", found, reason=reason.strip())
    return found


def _locked(by: User, exposure_id: int, *states: str) -> Exposure:
    found = Exposure.objects.visible_to(by).locked(exposure_id)
    if found.state not in states:
        raise StepNotOpen
    return found


def _log(by: User, action: str, found: Exposure, **data: object) -> None:
    audit.record(by, f"exposure.{action}", found, path=str(found.case.unit.path), data=dict(data) or None)
