"""How far a unit's letter was kept: the weights of its targets times their attainment.

What the portal knows itself is computed from the measure that the target names; of the others the unit's last report of the year
counts, as it was handed in: reached, or not.
"""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

from portal.web.i18n import pick
from responsibility.assessment.figures import PLACES, WHOLE, ZERO, Figure, Measure, Row, Window
from responsibility.report_parts import REACHED

# Letters of one version to units of one type have the same targets: they are read once, not unit by unit.
_LETTERS = """
    SELECT array_agg(unit_id), jsonb_path_query_array(content, '$.sections[*].targets[*]')::text AS targets
    FROM responsibility_letter
    WHERE year = %s AND unit_id = ANY(%s) AND state IN ('issued', 'head_signed', 'signed')
    GROUP BY targets
"""
_REPORTED = """
    SELECT DISTINCT ON (report.unit_id) report.unit_id, submission.content -> 'targets'
    FROM responsibility_submission submission
    JOIN responsibility_report report ON report.id = submission.report_id
    JOIN responsibility_reportingperiod period ON period.id = report.period_id
    WHERE period.year = %s AND report.unit_id = ANY(%s) AND submission.submitted_at::date <= %s
    ORDER BY report.unit_id, submission.submitted_at DESC, submission.id DESC
"""


class Kept(NamedTuple):
    """A target, its weight and how far it was attained, in percent; and whether the portal knows it or the unit said so."""

    target: dict[str, Any]
    attained: Decimal
    computed: bool


class Targets(NamedTuple):
    """Computes targets out of other measures, which are asked once each."""

    sources: Mapping[str, Measure]

    def measure(self, label: Any) -> Measure:
        """As a measure of its own."""
        return Measure("responsibility.targets_attainment", label, ZERO, self.load, self.rows)

    def load(self, window: Window) -> dict[int, Figure]:
        """Percent by unit; units without a letter are left out."""
        each = self.each(window)
        sums = {id(kept): _sum(kept) for kept in {id(kept): kept for kept in each.values()}.values()}
        return {unit: sums[id(kept)] for unit, kept in each.items()}

    def each(self, window: Window) -> dict[int, list[Kept]]:
        """The targets of each unit. Units of one letter with the same figures and the same report share them."""
        letters, reported = _letters(window), _reported(window)
        found: dict[int, list[Kept]] = {}
        for units, targets in letters:
            known = [self._figures(target["measure"], window) for target in targets]
            same: dict[tuple[Any, ...], list[Kept]] = {}
            for unit in units:
                said = reported.get(unit) or {}
                own = tuple(figures.get(unit) if figures is not None else None for figures in known)
                stated = tuple(_reached(target, said) for target in targets) if said else ()
                kept = same.get((own, stated))
                if kept is None:
                    each = zip(targets, known, own, strict=True)
                    kept = same[own, stated] = [
                        self._kept(target, figures, figure, said) for target, figures, figure in each
                    ]
                found[unit] = kept
        return found

    def _figures(self, name: str, window: Window) -> Mapping[int, Figure] | None:
        """What the portal knows of a target; None where it knows nothing."""
        source = self.sources.get(name)
        return window.figures(source) if source is not None else None

    def _kept(
        self,
        target: dict[str, Any],
        figures: Mapping[int, Figure] | None,
        figure: Figure | None,
        said: Mapping[str, Any],
    ) -> Kept:
        if figures is None:
            return Kept(target, WHOLE if _reached(target, said) else ZERO, computed=False)
        value = figure.value if figure is not None else self.sources[target["measure"]].empty
        goal = Decimal(str(target["goal"])) if target["goal"] else WHOLE
        return Kept(target, min(WHOLE, WHOLE * value / goal), computed=True)

    def rows(self, window: Window) -> list[Row]:
        """Each target of a unit with its share."""
        return [
            Row(_name(kept), f"{kept.target['weight']} × {kept.attained.quantize(Decimal('0.01'))} %")
            for each in self.each(window).values()
            for kept in each
        ]


def _reached(target: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """What the unit's report says of a target."""
    return bool((said.get(target["code"]) or {}).get("state") == REACHED)


def _sum(kept: list[Kept]) -> Figure:
    weights = sum((Decimal(each.target["weight"]) for each in kept), ZERO)
    total = sum((each.target["weight"] * each.attained for each in kept), ZERO)
    return Figure((total / weights).quantize(PLACES) if weights else ZERO)


def _name(kept: Kept) -> str:
    return str(pick(kept.target["name"]))


def _letters(window: Window) -> list[tuple[list[int], list[dict[str, Any]]]]:
    with connection.cursor() as cursor:
        cursor.execute(_LETTERS, [window.year, list(window.unit_ids)])
        return [(units, json.loads(targets)) for units, targets in cursor.fetchall()]


def _reported(window: Window) -> dict[int, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_REPORTED, [window.year, list(window.unit_ids), window.until])
        return {unit: json.loads(said) if isinstance(said, str) else said for unit, said in cursor.fetchall()}
