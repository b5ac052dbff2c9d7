"""The words of a letter, frozen at issue: one content for each version, type of unit and group, then names put in."""

from datetime import date
from typing import Any

from portal.organisation.models import LeadingGroup, Tenure, Unit
from responsibility.models import LetterTemplate, Programme

BOTH = ("en", "zh-hans")


def skeleton(template: LetterTemplate, unit_type_id: int, year: int) -> list[dict[str, Any]]:
    """The sections of a version for units of a type, in both languages; clauses are numbered through the letter."""
    sections, number = [], 0
    for section in template.sections.prefetch_related("clauses", "targets"):
        clauses = []
        for clause in section.clauses.all():
            if clause.unit_type_id in (None, unit_type_id):
                number += 1
                clauses.append({"no": number, "text": {"en": clause.text_en, "zh-hans": clause.text_zh}})
        targets = [
            {
                "code": target.code,
                "name": {"en": target.name_en, "zh-hans": target.name_zh},
                "weight": target.weight,
                "measure": target.measure,
                "goal": target.goal,
                "unit": target.unit,
                "evidence": target.evidence,
                "due_on": _due(year, target.due_month, target.due_day).isoformat(),
            }
            for target in section.targets.all()
        ]
        sections.append(
            {
                "code": section.code,
                "name": {"en": section.name_en, "zh-hans": section.name_zh},
                "clauses": clauses,
                "targets": targets,
            }
        )
    return sections


def _due(year: int, month: int, day: int) -> date:
    """A day of the year; 29 February becomes the 28th where there is none."""
    return date(year, month, min(day, 28) if month == 2 else day)


def content(
    programme: Programme,
    template: LetterTemplate,
    sections: list[dict[str, Any]],
    *,
    year: int,
    serial: int,
    unit: Unit,
    group: LeadingGroup,
    tenure: Tenure | None,
    due_on: date,
    replaces: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Everything the paper says. What is shown, printed and signed is this."""
    leader = {"en": tenure.person.name_en, "zh-hans": tenure.person.name_zh} if tenure else None
    post = {"en": tenure.post.title_en, "zh-hans": tenure.post.title_zh} if tenure else None
    return {
        "version": template.version,
        "year": year,
        "number": programme.letter_number(year, serial),
        "title": {"en": f"{template.name_en}, {year}", "zh-hans": f"{year}年{template.name_zh}"},
        "group": {"en": group.name_en, "zh-hans": group.name_zh},
        "unit": {"en": unit.name_en, "zh-hans": unit.name_zh},
        "unit_code": unit.code,
        "leader": leader,
        "post": post,
        "body": {"en": programme.body_en, "zh-hans": programme.body_zh},
        "seal": {"en": programme.seal_en, "zh-hans": programme.seal_zh},
        "regulations": {"en": programme.regulations_en, "zh-hans": programme.regulations_zh},
        "sign_by": due_on.isoformat(),
        "replaces": replaces,
        "sections": sections,
    }
