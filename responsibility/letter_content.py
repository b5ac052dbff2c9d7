"""The words of a letter, frozen at issue: loaded once for many letters, then the names are put in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from portal.organisation.models import LeadingGroup, Tenure, Unit
from portal.web.i18n import both
from responsibility.models import Letter, LetterTemplate, Programme, Section, Target
from responsibility.rules import due_in

Text = Mapping[str, str]


@dataclass
class Words:
    """What all letters of a version and year have in common; the sections of each type of unit are made once."""

    programme: Programme
    template: LetterTemplate
    year: int
    due_on: date
    sections: list[Section]
    _by_type: dict[int, list[dict[str, Any]]] = field(default_factory=dict)

    @classmethod
    def load(cls, programme: Programme, template: LetterTemplate, year: int, due_on: date) -> Self:
        """Read the version: three queries, however many letters follow."""
        sections = list(template.sections.prefetch_related("clauses", "targets"))
        return cls(programme, template, year, due_on, sections)

    def for_type(self, unit_type_id: int) -> list[dict[str, Any]]:
        """The sections for units of a type, in both languages; clauses are numbered through the letter."""
        if unit_type_id not in self._by_type:
            self._by_type[unit_type_id] = self._sections(unit_type_id)
        return self._by_type[unit_type_id]

    def _sections(self, unit_type_id: int) -> list[dict[str, Any]]:
        made, number = [], 0
        for section in self.sections:
            clauses = []
            for clause in section.clauses.all():
                if clause.unit_type_id in (None, unit_type_id):
                    number += 1
                    clauses.append({"no": number, "text": both(clause, "text")})
            targets = [_target(target, self.year) for target in section.targets.all()]
            made.append({"code": section.code, "name": both(section), "clauses": clauses, "targets": targets})
        return made


def _target(target: Target, year: int) -> dict[str, Any]:
    return {
        "code": target.code,
        "name": both(target),
        "weight": target.weight,
        "measure": target.measure,
        "goal": target.goal,
        "unit": target.unit,
        "goal_text": {"en": target.goal_en, "zh-hans": target.goal_zh},
        "evidence": target.evidence,
        "due_on": due_in(year, target.due_month, target.due_day).isoformat(),
    }


def content(
    words: Words,
    *,
    serial: int,
    unit: Unit,
    group: LeadingGroup,
    tenure: Tenure | None,
    replaces: Letter | None = None,
) -> dict[str, Any]:
    """Everything the paper says. What is shown, printed and signed is this."""
    programme, template, year = words.programme, words.template, words.year
    return {
        "version": template.version,
        "year": year,
        "number": programme.letter_number(year, serial),
        "title": {"en": f"{template.name_en}, {year}", "zh-hans": f"{year}年{template.name_zh}"},
        "group": both(group),
        "unit": both(unit),
        "unit_code": unit.code,
        "leader": both(tenure.person) if tenure else None,
        "post": both(tenure.post, "title") if tenure else None,
        "opening": _opening(words, unit, group, tenure),
        "body": both(programme, "body"),
        "seal": both(programme, "seal"),
        "regulations": both(programme, "regulations"),
        "sign_by": words.due_on.isoformat(),
        "replaces": replaces.content["number"] if replaces else None,
        "sections": words.for_type(unit.type_id),
    }


def _opening(words: Words, unit: Unit, group: LeadingGroup, tenure: Tenure | None) -> dict[str, str]:
    """The first sentence, which names the two sides; a vacant post is named by its office."""
    programme, template = words.programme, words.template
    leader_en, leader_zh = "its top leader", "主要负责人"
    if tenure is not None:
        leader_en = f"{tenure.person.name_en}, {tenure.post.title_en},"
        leader_zh = f"{tenure.post.title_zh}{tenure.person.name_zh}"
    en = {
        "group": group.name_en, "unit": unit.name_en, "leader": leader_en, "regulations": programme.regulations_en,
    }  # fmt: skip
    zh = {
        "group": group.name_zh, "unit": unit.name_zh, "leader": leader_zh, "regulations": programme.regulations_zh,
    }  # fmt: skip
    return {"en": template.opening_en % en, "zh-hans": template.opening_zh % zh}
