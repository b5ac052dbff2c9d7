"""The verbs of letters: issue, sign for the group, sign for the unit, replace, withdraw."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, QuerySet

from portal.accounts.models import User
from portal.audit import services as audit
from portal.notices import services as notices
from portal.obligations import services as obligations
from portal.obligations.choices import State
from portal.organisation.models import GroupMembership, LeadingGroup, Person, Tenure, Unit
from portal.web import broker, jobs
from portal.web.models import Job
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility import policies
from responsibility.canonical import sha256_of
from responsibility.errors import (
    HeadNotSigned,
    LetterClosed,
    NameDiffers,
    NoTemplate,
    NothingChosen,
    NotRead,
    NotYourLetter,
    ReasonMissing,
    SignedAlready,
    YearNotOpen,
)
from responsibility.letter_content import content, skeleton
from responsibility.models import LIVE, Letter, LetterState, LetterTemplate, Programme, ProgrammeYear, Side, Signature
from responsibility.tasks import seal_letter

ISSUE_JOB = "issue-letters"
CHUNK = 500
# One numbering for a year, without gaps; whoever issues takes turns.
NUMBER_LOCK = 7_301_005
# A successor in the year has at least so many working days to sign the new letter.
SUCCESSOR_DAYS = 10


def candidates(year: int, *, path: str = "", type_ids: Sequence[int] = ()) -> "QuerySet[Unit]":
    """Units of a part of the tree that have no live letter of the year; with their responsible group."""
    units = Unit.objects.active().exclude(letters__in=Letter.objects.live().for_year(year)).with_responsible_group()
    if path:
        units = units.under(path)
    return units.filter(type_id__in=type_ids) if type_ids else units


@transaction.atomic
def start_issue(by: User, *, year: int, path: str, type_ids: Sequence[int] = ()) -> Job:
    """Begin to issue the letters of a part of the tree in the background. Raises YearNotOpen, NoTemplate, NotAllowed."""
    policies.require(policies.may_issue(by))
    _require_ready(year)
    total = candidates(year, path=path, type_ids=type_ids).filter(responsible_group_id__isnull=False).count()
    params = {"year": year, "path": path, "types": list(type_ids), "by": by.pk, "next_url": f"/letters/{year}/"}
    audit.record(by, "letters.issue_started", path=path, data={"year": year, "letters": total})
    return jobs.start(by, ISSUE_JOB, params, total=total)


def _require_ready(year: int) -> tuple[ProgrammeYear, LetterTemplate]:
    opened = ProgrammeYear.objects.filter(pk=year).first()
    if opened is None:
        raise YearNotOpen
    template = LetterTemplate.objects.filter(published_at__isnull=False).order_by("-version").first()
    if template is None:
        raise NoTemplate
    return opened, template


def run_issue(job: Job) -> dict[str, Any]:
    """Issue in chunks; each commits with its letters, duties, notices and progress, so a kill loses nothing."""
    params = job.params
    by = User.objects.get(pk=params["by"])
    issued = 0
    while made := issue_chunk(by, params["year"], path=params["path"], type_ids=params["types"], job=job):
        issued += made
    return {"issued": issued}


@transaction.atomic
def issue_chunk(
    by: User, year: int, *, path: str = "", type_ids: Sequence[int] = (), job: Job | None = None, size: int = CHUNK
) -> int:
    """Issue the next letters, at most `size`; returns how many. The statements do not grow with the letters."""
    opened, template = _require_ready(year)
    _take_turn(year)
    units = list(
        candidates(year, path=path, type_ids=type_ids)
        .filter(responsible_group_id__isnull=False)
        .select_related("type")
        .order_by("path")[:size]
    )
    if units:
        _issue(by, units, year, template, opened.signing_due_on)
    if job is not None and units:
        jobs.advance(job, len(units))
    return len(units)


def _take_turn(year: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NUMBER_LOCK, year])


def _issue(
    by: User | None,
    units: list[Unit],
    year: int,
    template: LetterTemplate,
    due_on: date,
    replaces: Letter | None = None,
) -> list[Letter]:
    """Write letters, duties, notices and the log for units whose turn it is; the numbering must be locked."""
    programme = Programme.objects.get(pk=1)
    groups = LeadingGroup.objects.in_bulk({unit.responsible_group_id for unit in units})
    leaders = _leaders(units)
    skeletons = {type_id: skeleton(template, type_id, year) for type_id in {unit.type_id for unit in units}}
    en, zh = f"Letter of responsibility {year}", f"{year}年责任书"
    duties = obligations.open_many("letter", [obligations.DutyDraft(unit.pk, due_on, en, zh, year) for unit in units])
    first = 1 + (Letter.objects.for_year(year).aggregate(last=Max("serial"))["last"] or 0)
    letters, now = [], clock.now()
    for serial, (unit, duty) in enumerate(zip(units, duties, strict=True), start=first):
        group, tenure = groups[unit.responsible_group_id], leaders.get(unit.pk)
        words = content(
            programme,
            template,
            skeletons[unit.type_id],
            year=year,
            serial=serial,
            unit=unit,
            group=group,
            tenure=tenure,
            due_on=due_on,
            replaces=replaces.content["number"] if replaces else None,
        )
        letters.append(
            Letter(
                year=year,
                serial=serial,
                unit=unit,
                group=group,
                template=template,
                tenure=tenure,
                obligation=duty,
                replaces=replaces,
                content=words,
                content_sha256=sha256_of(words),
                issued_at=now,
                issued_by=by,
            )
        )
    made = Letter.objects.bulk_create(letters, batch_size=CHUNK)
    _tell_heads(made, year)
    audit.record(by, "letters.issued", data={"year": year, "first": first, "letters": len(made)})
    return made


def _leaders(units: Sequence[Unit]) -> dict[int, Tenure]:
    """Who holds the top post of each unit today."""
    held = Tenure.objects.top_leaders().on(clock.today()).filter(post__unit__in=[unit.pk for unit in units])
    return {tenure.post.unit_id: tenure for tenure in held.select_related("person", "post")}


def _tell_heads(letters: Sequence[Letter], year: int) -> None:
    """One notice to the head of each group, however many letters wait."""
    counts: dict[int, int] = {}
    for letter in letters:
        counts[letter.group_id] = counts.get(letter.group_id, 0) + 1
    heads = GroupMembership.objects.heads().on(clock.today()).filter(group__in=counts, person__user__isnull=False)
    notices.queue_many(
        notices.Draft(
            user_id, "letters_wait", {"count": counts[group_id], "year": year}, f"/letters/{year}/sign/", f"year:{year}"
        )
        for group_id, user_id in heads.values_list("group_id", "person__user_id")
    )


def waiting_for(user: User, year: int) -> "QuerySet[Letter]":
    """The letters that wait for a head's signature."""
    waiting = Letter.objects.for_year(year).filter(state=LetterState.ISSUED, group__in=policies.headed_groups(user))
    return waiting.select_related("unit", "group").order_by("unit__path")


@transaction.atomic
def sign_for_group(by: User, *, year: int, letter_ids: Sequence[int], typed_name: str) -> int:
    """Sign a batch as head of the leading group; returns how many were signed. Whoever asks has confirmed the password.

    Raises NothingChosen, NameDiffers, SignedAlready, NotAllowed.
    """
    memberships = GroupMembership.objects.heads().on(clock.today()).filter(person__user=by)
    held = {m.group_id: m for m in memberships.select_related("person", "group")}
    policies.require(bool(held))
    if not letter_ids:
        raise NothingChosen
    person = next(iter(held.values())).person
    _require_name(person, typed_name)
    letters = list(
        Letter.objects.for_year(year)
        .filter(pk__in=letter_ids, group__in=held)
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    if len(letters) < len(set(letter_ids)) or any(letter.state != LetterState.ISSUED for letter in letters):
        raise SignedAlready
    now, origin = clock.now(), audit.origin()
    Signature.objects.bulk_create(
        Signature(
            letter=letter,
            side=Side.GROUP,
            person=person,
            membership=held[letter.group_id],
            office_en=f"Head, {held[letter.group_id].group.name_en}",
            office_zh=f"{held[letter.group_id].group.name_zh}组长",
            typed_name=typed_name.strip(),
            signed_at=now,
            ip=origin.ip,
            agent=origin.agent,
            content_sha256=letter.content_sha256,
        )
        for letter in letters
    )
    Letter.objects.filter(pk__in=[letter.pk for letter in letters]).update(
        state=LetterState.HEAD_SIGNED, version=F("version") + 1
    )
    _tell_leaders(letters)
    audit.record(by, "letters.signed_for_group", data={"letters": [letter.pk for letter in letters]})
    return len(letters)


def _tell_leaders(letters: Sequence[Letter]) -> None:
    """Each leader and liaison: the letter is ready to be read and signed."""
    by_unit = {letter.unit_id: letter for letter in letters}
    told = Tenure.objects.on(clock.today()).filter(
        post__unit__in=by_unit, post__kind__in=("top_leader", "liaison"), person__user__isnull=False
    )
    codes = dict(Unit.objects.filter(pk__in=by_unit).values_list("pk", "code"))
    notices.queue_many(
        notices.Draft(
            user_id,
            "letter_ready",
            {
                "year": by_unit[unit_id].year,
                "unit_name": by_unit[unit_id].content["unit"],
                "sign_on": by_unit[unit_id].content["sign_by"],
            },
            f"/letters/{by_unit[unit_id].year}/{codes[unit_id]}/",
            f"letter:{by_unit[unit_id].pk}",
            unit_id,
        )
        for unit_id, user_id in told.values_list("post__unit_id", "person__user_id")
    )


def _require_name(person: Person, typed: str) -> None:
    plain = "".join(typed.split()).casefold()
    if plain not in {"".join(name.split()).casefold() for name in (person.name_en, person.name_zh) if name}:
        raise NameDiffers(name=person.name)


@transaction.atomic
def sign_for_unit(by: User, letter_id: int, *, expected_version: int, read: bool, typed_name: str) -> Signature:
    """Sign as the unit's first responsible person. Whoever asks has confirmed the password.

    Raises NotRead, NameDiffers, HeadNotSigned, SignedAlready, LetterClosed, NotYourLetter, NotAllowed, Conflict.
    """
    Letter.objects.visible_to(by).get(pk=letter_id)
    letter = Letter.objects.locked(letter_id)
    policies.require(policies.is_top_leader(by, letter))
    _require_signable(letter)
    tenure = (
        Tenure.objects.top_leaders()
        .on(clock.today())
        .filter(post__unit=letter.unit, person__user=by)
        .select_related("person", "post")
        .first()
    )
    if tenure is None or (letter.tenure_id is not None and letter.tenure_id != tenure.pk):
        raise NotYourLetter
    if not read:
        raise NotRead
    _require_name(tenure.person, typed_name)
    now, origin = clock.now(), audit.origin()
    signature = Signature.objects.create(
        letter=letter,
        side=Side.UNIT,
        person=tenure.person,
        tenure=tenure,
        office_en=f"{tenure.post.title_en}, {letter.unit.name_en}",
        office_zh=f"{letter.unit.name_zh}{tenure.post.title_zh}",
        typed_name=typed_name.strip(),
        signed_at=now,
        ip=origin.ip,
        agent=origin.agent,
        content_sha256=letter.content_sha256,
    )
    letter.move_to(LetterState.SIGNED, expected_version=expected_version, signed_at=now)
    obligations.discharge(letter.obligation_id)
    broker.wake(seal_letter, letter.pk)
    audit.record(
        by, "letter.signed", letter, path=str(letter.unit.path), data={"content_sha256": letter.content_sha256}
    )
    return signature


def _require_signable(letter: Letter) -> None:
    match letter.state:
        case LetterState.ISSUED:
            raise HeadNotSigned
        case LetterState.SIGNED:
            raise SignedAlready
        case LetterState.SUPERSEDED | LetterState.WITHDRAWN:
            raise LetterClosed


@transaction.atomic
def withdraw(by: User, letter_id: int, *, expected_version: int, reason: str) -> Letter:
    """Withdraw an unsigned letter with a reason; its duty ends. Raises SignedAlready, LetterClosed, ReasonMissing."""
    Letter.objects.visible_to(by).get(pk=letter_id)
    letter = Letter.objects.locked(letter_id)
    policies.require(policies.may_withdraw(by, letter))
    if letter.state == LetterState.SIGNED:
        raise SignedAlready
    if letter.state not in LIVE:
        raise LetterClosed
    if not reason.strip():
        raise ReasonMissing
    letter.move_to(LetterState.WITHDRAWN, expected_version=expected_version, reason=reason.strip()[:300])
    if letter.obligation.state == State.OPEN:
        obligations.cancel(letter.obligation_id, reason=reason, by=by)
    audit.record(by, "letter.withdrawn", letter, path=str(letter.unit.path), data={"reason": reason})
    return letter


def follow_office(sender: object, unit_ids: list[int], **kwargs: object) -> None:
    """Give the new holder of a top post a letter that names the predecessor's; in the transaction of the change."""
    year = clock.today().year
    letters = Letter.objects.live().for_year(year).filter(unit__in=unit_ids).select_related("obligation")
    units = {
        unit.pk: unit for unit in Unit.objects.filter(pk__in=unit_ids).with_responsible_group().select_related("type")
    }
    leaders = _leaders(list(units.values()))
    for letter in letters.select_for_update(of=("self",), no_key=True).order_by("pk"):
        tenure = leaders.get(letter.unit_id)
        if tenure is not None and letter.tenure_id != tenure.pk and units[letter.unit_id].responsible_group_id:
            _replace(letter, units[letter.unit_id], tenure)


def _replace(letter: Letter, unit: Unit, tenure: Tenure) -> None:
    """Issue the successor's letter; an unsigned predecessor's duty ends, unless it fell due in the predecessor's time."""
    _take_turn(letter.year)
    template = LetterTemplate.objects.filter(published_at__isnull=False).order_by("-version").first()
    if template is None:
        raise NoTemplate
    letter.move_to(
        LetterState.SUPERSEDED, expected_version=letter.version, reason="A new holder of the post / 主要负责人变更"
    )
    duty = letter.obligation
    if duty.state == State.OPEN and duty.due_on >= tenure.starts_on:
        obligations.cancel(duty.pk, reason="A new holder of the post / 主要负责人变更", by=None)
    today = clock.today()
    due_on = load_calendar().add(max(today, tenure.starts_on), SUCCESSOR_DAYS)
    opened = ProgrammeYear.objects.filter(pk=letter.year).first()
    if opened is not None:
        due_on = max(due_on, opened.signing_due_on)
    _issue(None, [unit], letter.year, template, due_on, replaces=letter)
