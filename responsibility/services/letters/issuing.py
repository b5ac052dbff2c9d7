"""Issuing letters to many units: what would happen, and the job that does it in chunks."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db import connection, transaction
from django.db.models import Count, Exists, Max, OuterRef

from portal.accounts.models import User
from portal.audit import services as audit
from portal.obligations import services as obligations
from portal.obligations.models import Obligation
from portal.organisation.models import LeadingGroup, Tenure, Unit, UnitQuerySet
from portal.web import jobs
from portal.web.models import Job
from portal.workdays import clock
from responsibility import policies
from responsibility.errors import NoTemplate, NothingToIssue, YearNotOpen
from responsibility.letter_content import Words, own
from responsibility.models import Letter, LetterTemplate, Programme, ProgrammeYear
from responsibility.rules import SigningDay
from responsibility.services import reports
from responsibility.services.letters import telling, writing

ISSUE_JOB = "issue-letters"
CHUNK = 500
# How many units the preview names of each sort.
NAMED = 20
# One numbering for a year, without gaps; whoever issues takes turns.
NUMBER_LOCK = 7_301_005


def _chosen(path: str, type_ids: Sequence[int]) -> UnitQuerySet:
    units = Unit.objects.active()
    if path:
        units = units.under(path)
    return units.filter(type_id__in=type_ids) if type_ids else units


def candidates(year: int, *, path: str = "", type_ids: Sequence[int] = ()) -> Any:
    """Units of a part of the tree that have no live letter of the year; with their responsible group."""
    held = Letter.objects.live().for_year(year).filter(unit=OuterRef("pk"))
    return _chosen(path, type_ids).filter(~Exists(held)).with_responsible_group()


class Preview(NamedTuple):
    """What issuing would do: how many letters by group, and who is left out or has nobody to sign; some are named."""

    groups: list[tuple[LeadingGroup, int]]
    ready: int
    without_group: list[Unit]
    vacant: list[Unit]
    vacant_count: int
    already: list[Unit]
    already_count: int


def preview(year: int, *, path: str = "", type_ids: Sequence[int] = ()) -> Preview:
    """What `start_issue` would do with the same choice, in a fixed number of queries."""
    found = candidates(year, path=path, type_ids=type_ids)
    ready = found.filter(responsible_group_id__isnull=False)
    counts = dict(ready.order_by().values_list("responsible_group_id").annotate(n=Count("pk")))
    groups = LeadingGroup.objects.filter(pk__in=counts).select_related("unit").order_by("unit__path")
    vacant = ready.with_top_leader(clock.today()).filter(leader_tenure_id__isnull=True).order_by("path")
    already = _chosen(path, type_ids).filter(letters__in=Letter.objects.live().for_year(year)).order_by("path")
    return Preview(
        groups=[(group, counts[group.pk]) for group in groups],
        ready=sum(counts.values()),
        without_group=list(found.filter(responsible_group_id__isnull=True).order_by("path")[:NAMED]),
        vacant=list(vacant[:NAMED]),
        vacant_count=vacant.count(),
        already=list(already[:NAMED]),
        already_count=already.count(),
    )


@transaction.atomic
def start_issue(by: User, *, year: int, path: str, type_ids: Sequence[int] = ()) -> Job:
    """Begin to issue letters to a part of the tree in the background.

    Raises YearNotOpen, NoTemplate, NothingToIssue, NotAllowed.
    """
    policies.require(policies.may_issue_in(by, path))
    require_ready(year)
    total = candidates(year, path=path, type_ids=type_ids).filter(responsible_group_id__isnull=False).count()
    if not total:
        raise NothingToIssue
    params = {"year": year, "path": path, "types": list(type_ids), "by": by.pk, "next_url": f"/letters/{year}/"}
    audit.record(by, "letters.issue_started", path=path, data={"year": year, "letters": total})
    return jobs.start(by, ISSUE_JOB, params, total=total)


def require_ready(year: int) -> tuple[ProgrammeYear, LetterTemplate]:
    """The year and the version letters are issued from. Raises YearNotOpen, NoTemplate."""
    opened = ProgrammeYear.objects.filter(pk=year).first()
    if opened is None:
        raise YearNotOpen
    return opened, published_template()


def published_template() -> LetterTemplate:
    """The newest published version. Raises NoTemplate."""
    template = LetterTemplate.objects.published().first()
    if template is None:
        raise NoTemplate
    return template


def run_issue(job: Job) -> dict[str, Any]:
    """Issue in chunks; each commits with its letters, duties, notices and progress, so a kill loses nothing.

    Who is to get a letter is asked once; a job that goes on after a kill asks anew and finds only who is left.
    """
    params = job.params
    by = User.objects.get(pk=params["by"])
    found = _with_group(params["year"], params["path"], params["types"])
    unit_ids = list(found.order_by("path").values_list("pk", flat=True))
    chunks = (unit_ids[start : start + CHUNK] for start in range(0, len(unit_ids), CHUNK))
    return {"issued": sum(_issue_to(by, params["year"], chunk, job) for chunk in chunks)}


def issue_chunk(
    by: User, year: int, *, path: str = "", type_ids: Sequence[int] = (), job: Job | None = None, size: int = CHUNK
) -> int:
    """Issue the next letters, at most `size`; returns how many. Raises YearNotOpen, NoTemplate."""
    found = _with_group(year, path, type_ids).order_by("path")
    return _issue_to(by, year, list(found.values_list("pk", flat=True)[:size]), job)


def _with_group(year: int, path: str, type_ids: Sequence[int]) -> Any:
    return candidates(year, path=path, type_ids=type_ids).filter(responsible_group_id__isnull=False)


@transaction.atomic
def _issue_to(by: User, year: int, unit_ids: Sequence[int], job: Job | None) -> int:
    """Issue to these units, but for those that got a letter meanwhile; the statements do not grow with the letters."""
    opened, template = require_ready(year)
    take_turn(year)
    # Asked after the turn is taken: what somebody else issued meanwhile is no candidate any more.
    units = list(_with_group(year, "", ()).filter(pk__in=unit_ids).order_by("path"))
    if units:
        write_letters(by, units, year, template, signing_day=SigningDay(opened.signing_due_on))
    if job is not None and units:
        jobs.advance(job, len(units))
    return len(units)


def take_turn(year: int) -> None:
    """Wait until nobody else numbers letters of the year, until the transaction ends; taken before the log's turn."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [NUMBER_LOCK, year])


def write_letters(
    by: User | None,
    units: list[Unit],
    year: int,
    template: LetterTemplate,
    *,
    signing_day: SigningDay,
    replaces: Letter | None = None,
) -> None:
    """Write letters, duties, notices and the log for units with their responsible group; the turn must be taken."""
    group_ids: list[int] = [unit.responsible_group_id for unit in units]  # type: ignore[attr-defined, misc]
    groups, leaders = LeadingGroup.objects.in_bulk(set(group_ids)), leaders_of(units)
    words = Words.load(Programme.objects.get(pk=1), template, year, signing_day.due_on)
    duties = _owe(units, year, signing_day)
    first = 1 + (Letter.objects.for_year(year).aggregate(last=Max("serial"))["last"] or 0)
    rows = []
    for serial, (unit, group_id, duty) in enumerate(zip(units, group_ids, duties, strict=True), start=first):
        tenure = leaders.get(unit.pk)
        values, sha256 = own(words, serial=serial, unit=unit, group=groups[group_id], tenure=tenure, replaces=replaces)
        rows.append(
            {
                "serial": serial,
                "unit_id": unit.pk,
                "type_id": unit.type_id,
                "group_id": group_id,
                "tenure_id": tenure.pk if tenure else None,
                "obligation_id": duty.pk,
                "replaces_id": replaces.pk if replaces else None,
                "content": values,
                "content_sha256": sha256,
            }
        )
    writing.insert(rows, words, issued_by=by)
    # Before the log's turn.
    reports.owe_running(year, units)
    telling.heads(group_ids, year)
    audit.record(by, "letters.issued", data={"year": year, "first": first, "letters": len(rows)})


def leaders_of(units: Sequence[Unit]) -> dict[int, Tenure]:
    """Who holds the top post of each unit today."""
    held = Tenure.objects.top_leaders().on(clock.today()).filter(post__unit__in=[unit.pk for unit in units])
    return {tenure.post.unit_id: tenure for tenure in held.select_related("person", "post")}


def _owe(units: Sequence[Unit], year: int, day: SigningDay) -> list[Obligation]:
    """The duty of each unit to sign its letter."""
    en, zh = f"Letter of responsibility {year}", f"{year}年责任书"
    return obligations.open_many(
        "letter",
        [obligations.DutyDraft(u.pk, day.due_on, en, zh, year, day.anchor_on, day.anchor_days) for u in units],
    )
