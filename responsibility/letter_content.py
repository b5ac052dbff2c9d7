"""The words of a letter, frozen at issue: loaded once for many letters, then the names are put in."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple, Self

from portal.organisation.models import LeadingGroup, Tenure, Unit
from portal.web.i18n import both
from responsibility.canonical import fragments, sha256_of_fragments
from responsibility.models import Letter, LetterTemplate, Programme, Section, Target
from responsibility.rules import due_in, targets_of


class Common(NamedTuple):
    """Values that many letters share, and the canonical form of each."""

    values: dict[str, Any]
    parts: dict[str, bytes]


@dataclass
class Words:
    """What all letters of a version and year have in common; the sections of each type of unit are made once."""

    programme: Programme
    template: LetterTemplate
    year: int
    due_on: date
    sections: list[Section]
    _by_type: dict[int, Common] = field(default_factory=dict)

    @classmethod
    def load(cls, programme: Programme, template: LetterTemplate, year: int, due_on: date) -> Self:
        """Read the version: three queries, however many letters follow."""
        sections = list(template.sections.prefetch_related("clauses", "targets"))
        return cls(programme, template, year, due_on, sections)

    def common(self, unit_type_id: int) -> "Common":
        """What the letters to units of a type have in common."""
        if unit_type_id not in self._by_type:
            programme, template, year = self.programme, self.template, self.year
            values = {
                "version": template.version,
                "year": year,
                "title": {"en": f"{template.name_en}, {year}", "zh-hans": f"{year}年{template.name_zh}"},
                "body": both(programme, "body"),
                "seal": both(programme, "seal"),
                "regulations": both(programme, "regulations"),
                "sign_by": self.due_on.isoformat(),
                "sections": self._sections(unit_type_id),
            }
            self._by_type[unit_type_id] = Common(values, fragments(values))
        return self._by_type[unit_type_id]

    def _sections(self, unit_type_id: int) -> list[dict[str, Any]]:
        """The sections in both languages; clauses are numbered through the letter."""
        made, number = [], 0
        every = [target for section in self.sections for target in section.targets.all()]
        owed = {target.pk for target in targets_of(every, unit_type_id)}
        for section in self.sections:
            clauses = []
            for clause in section.clauses.all():
                if clause.unit_type_id in (None, unit_type_id):
                    number += 1
                    clauses.append({"no": number, "text": both(clause, "text")})
            targets = [_target(row, self.year) for row in section.targets.all() if row.pk in owed]
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


def own(
    words: Words,
    *,
    serial: int,
    unit: Unit,
    group: LeadingGroup,
    tenure: Tenure | None,
    replaces: Letter | None = None,
) -> tuple[dict[str, Any], str]:
    """What this letter alone says, and the fingerprint of all it says: the common values and these."""
    values = {
        "number": words.programme.letter_number(words.year, serial),
        "group": both(group),
        "unit": both(unit),
        "unit_code": unit.code,
        "leader": both(tenure.person) if tenure else None,
        "post": both(tenure.post, "title") if tenure else None,
        "opening": _opening(words, unit, group, tenure),
        "replaces": replaces.content["number"] if replaces else None,
    }
    return values, sha256_of_fragments(words.common(unit.type_id).parts | fragments(values))


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
