"""Who reaches the pages of `responsibility`."""

from collections.abc import Callable
from typing import Any

from responsibility.models import Assessment, Criterion, LetterTemplate, Score, Standard
from tests.authorization.table import ALL, COORDINATOR, NOBODY, SEES_B, SEES_CONTENT, Case, Row, nothing


def letter(case: Case) -> dict[str, Any]:
    return {"year": 2026, "code": "B"}


def report(case: Case) -> dict[str, Any]:
    return {"year": 2026, "period": "half-year-1", "code": "B"}


def part(name: str) -> Callable[[Case], dict[str, Any]]:
    return lambda case: report(case) | {"part": name}


def accountability(case: Case) -> dict[str, Any]:
    return {"year": case.case.year, "serial": case.case.serial}


def version(case: Case) -> dict[str, Any]:
    return {"version": 1}


def clause(case: Case) -> dict[str, Any]:
    section = LetterTemplate.objects.get(version=1).sections.get(code="objectives")
    return {"version": 1, "pk": section.clauses.first().pk}  # type: ignore[union-attr]


def section(case: Case) -> dict[str, Any]:
    return {"version": 1, "section": "objectives"}


def target(case: Case) -> dict[str, Any]:
    section = LetterTemplate.objects.get(version=1).sections.get(code="tasks")
    return {"version": 1, "pk": section.targets.first().pk}  # type: ignore[union-attr]


def standard(case: Case) -> dict[str, Any]:
    return {"number": 1}


def criterion(case: Case) -> dict[str, Any]:
    return {"number": 1, "pk": Criterion.objects.get(standard__number=1, code="signing").pk}


def assessed(case: Case) -> dict[str, Any]:
    """A year in preparation, with a score of the bureau."""
    year, _new = Assessment.objects.get_or_create(year=2026, defaults={"standard": Standard.objects.get(number=1)})
    Score.objects.get_or_create(
        assessment=year, unit=case.world.unit("B"), defaults={"total": 1, "grade": "fail", "rank": 1, "lines": []}
    )
    Assessment.objects.filter(pk=year.pk, as_of=None).update(as_of="2026-12-31", objections_until="2027-01-20")
    return {"year": 2026}


def scored(case: Case) -> dict[str, Any]:
    return assessed(case) | {"code": "B"}


ROWS: dict[str, Row] = {
    "responsibility:programme": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "responsibility:edit-programme": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "responsibility:open-year": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "responsibility:draft-template": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "responsibility:template": Row(version, COORDINATOR, elsewhere=NOBODY),
    "responsibility:publish-template": Row(version, COORDINATOR, elsewhere=NOBODY),
    "responsibility:edit-clause": Row(clause, COORDINATOR, elsewhere=NOBODY),
    "responsibility:edit-target": Row(target, COORDINATOR, elsewhere=NOBODY),
    "responsibility:edit-template": Row(version, COORDINATOR, elsewhere=NOBODY),
    "responsibility:add-clause": Row(section, COORDINATOR, elsewhere=NOBODY),
    "responsibility:remove-clause": Row(clause, COORDINATOR, elsewhere=NOBODY),
    "responsibility:add-target": Row(section, COORDINATOR, elsewhere=NOBODY),
    "responsibility:remove-target": Row(target, COORDINATOR, elsewhere=NOBODY),
    "responsibility:letters": Row(nothing, SEES_CONTENT, ok=302),
    "responsibility:letters-of-year": Row(lambda case: {"year": 2026}, SEES_CONTENT),
    "responsibility:issue": Row(lambda case: {"year": 2026}, COORDINATOR),
    "responsibility:sign-batch": Row(lambda case: {"year": 2026}, {"head"}),
    "responsibility:letter": Row(letter, SEES_B, others=404),
    "responsibility:sign": Row(letter, {"leader"}, others=404, ok=302),
    # The leader has signed: there is nothing left to refuse, and the page leads to the letter.
    "responsibility:cannot-sign": Row(letter, {"leader"}, others=404, ok=302),
    "responsibility:signed": Row(letter, {"leader"}, others=404),
    "responsibility:withdraw": Row(letter, COORDINATOR, others=404),
    "responsibility:letter-pdf": Row(letter, SEES_B, others=404),
    "responsibility:letter-evidence": Row(letter, SEES_B, others=404),
    "responsibility:reports": Row(nothing, SEES_CONTENT),
    "responsibility:open-period": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "responsibility:report": Row(report, SEES_B, others=404),
    "responsibility:report-part": Row(part("clean"), {"leader"}, others=404),
    "responsibility:report-submit": Row(report, {"leader"}, others=404),
    "responsibility:report-return": Row(report, COORDINATOR, others=404),
    "responsibility:report-accept": Row(report, COORDINATOR, others=404),
    "responsibility:report-attach": Row(report, {"leader", "liaison"}, others=404),
    "responsibility:report-detach": Row(
        lambda case: report(case) | {"pk": case.file_id}, {"leader", "liaison"}, others=404
    ),
    "responsibility:report-clean-attach": Row(report, {"leader"}, others=404),
    "responsibility:report-clean-detach": Row(
        lambda case: report(case) | {"pk": case.clean_file_id}, {"leader"}, others=404
    ),
    "responsibility:cases": Row(nothing, ALL),
    "responsibility:case": Row(accountability, {"coordinator", "head", "auditor", "other_leader"}, others=404),
    "responsibility:case-explain": Row(accountability, {"other_leader"}, others=404),
    "responsibility:case-attach": Row(accountability, {"other_leader"}, others=404),
    "responsibility:case-propose": Row(accountability, COORDINATOR, others=404),
    "responsibility:case-decide": Row(accountability, {"coordinator", "head"}, others=404),
    "responsibility:case-object": Row(accountability, {"other_leader"}, others=404),
    # Nobody before there is a decision to answer for.
    "responsibility:case-answer": Row(accountability, set(), others=404),
    "responsibility:case-refer": Row(accountability, COORDINATOR, others=404),
    "responsibility:assessments": Row(nothing, SEES_CONTENT),
    "responsibility:open-assessment": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "responsibility:draft-standard": Row(nothing, COORDINATOR, elsewhere=NOBODY),
    "responsibility:standard": Row(standard, SEES_CONTENT),
    "responsibility:adopt-standard": Row(standard, COORDINATOR, elsewhere=NOBODY),
    "responsibility:add-criterion": Row(standard, COORDINATOR, elsewhere=NOBODY),
    "responsibility:edit-criterion": Row(criterion, COORDINATOR, elsewhere=NOBODY),
    "responsibility:remove-criterion": Row(criterion, COORDINATOR, elsewhere=NOBODY),
    "responsibility:assessment": Row(assessed, SEES_CONTENT),
    "responsibility:assessment-preview": Row(assessed, COORDINATOR, elsewhere=NOBODY),
    "responsibility:assessment-workbook": Row(assessed, COORDINATOR, elsewhere=NOBODY),
    "responsibility:start-check": Row(assessed, COORDINATOR, elsewhere=NOBODY),
    "responsibility:recompute": Row(assessed, COORDINATOR, elsewhere=NOBODY),
    "responsibility:freeze": Row(assessed, COORDINATOR, elsewhere=NOBODY),
    "responsibility:publish": Row(assessed, COORDINATOR, elsewhere=NOBODY),
    "responsibility:score": Row(scored, SEES_B, others=404),
    "responsibility:check-score": Row(scored, {"leader"}, others=404),
    "responsibility:give-mark": Row(scored, COORDINATOR, others=404),
    # Nobody has objected.
    "responsibility:answer-check": Row(scored, set(), others=404),
    "responsibility:score-pdf": Row(scored, SEES_B, others=404, ok=409),
}
