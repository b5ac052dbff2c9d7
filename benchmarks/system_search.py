"""Searching the texts of twenty thousand systems, beside reading them through in the same run.

The floor is the other way round here: the budget says how many times faster than a sequential scan the search must be. The
ratio is search time over scan time, so that less is better, as with the other figures.
"""

import random
from datetime import date
from statistics import median
from time import perf_counter
from typing import Any

from django.db import connection

from benchmarks.issue_letters import build
from portal.organisation.models import Unit
from portal.web.text_search import parse
from portal.workdays import clock
from systems.models import Requirement, SystemVersion, UnitSystem, VersionState

NAME, UNIT, BUDGET = "system_search", "ms", 1 / 50
DOCUMENTS, ROUNDS = 20_000, 5
DAY = date(2026, 4, 20)
# Of two signs and more, in both languages, common and rare.
WORDS = ("回避", "青石桥", "三人签字", "kickbacks", "“single source”", "稀有词")


def _fill() -> Any:
    """Twenty thousand texts of some four thousand signs, as rules of units have, made of the articles of the catalogue.

    One in a thousand has a rare word.
    """
    coordinator = build(2_000)
    articles = [
        line
        for requirement in Requirement.objects.all()
        for text in (requirement.model_text_zh, requirement.model_text_en)
        for line in text.split("\n\n")
    ]
    dice = random.Random(12)
    units = list(Unit.objects.order_by("pk").values_list("pk", flat=True))
    systems = UnitSystem.objects.bulk_create(
        (
            UnitSystem(unit_id=units[n % len(units)], name_zh=f"制度{n}", name_en=f"System {n}")
            for n in range(DOCUMENTS)
        ),
        batch_size=2000,
    )
    now = clock.now()
    SystemVersion.objects.bulk_create(
        (
            SystemVersion(
                system=system,
                number=1,
                state=VersionState.DRAFT,
                text="\n\n".join([*dice.sample(articles, 44), "青石桥稀有词三人签字" if n % 1000 == 0 else ""]),
                made_at=now,
                saved_at=now,
            )
            for n, system in enumerate(systems)
        ),
        batch_size=500,
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return coordinator


def _search(user: Any, words: str) -> float:
    """The first page of what is found, with its count up to the cap of a list."""
    begun = perf_counter()
    found = SystemVersion.objects.visible_to(user).search(parse(words)).order_by("-in_force_from", "-pk")
    list(found.select_related("system__unit").defer("words", "folded", "text", "document_text")[:20])
    return perf_counter() - begun


def _scan(words: str) -> float:
    begun = perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET enable_indexscan = off; SET enable_bitmapscan = off")
        pattern = f"%{words.strip('“”')}%"
        cursor.execute(
            "SELECT id FROM systems_systemversion WHERE body ILIKE %s ORDER BY id DESC LIMIT 20000", [pattern]
        )
        cursor.fetchall()
        taken = perf_counter() - begun
        cursor.execute("RESET enable_indexscan; RESET enable_bitmapscan")
    return taken


def measure() -> dict[str, object]:
    """The median over the words, in milliseconds."""
    with clock.frozen(DAY):
        user = _fill()
        for words in WORDS:
            _search(user, words)
        searches = [median(_search(user, words) for _round in range(ROUNDS)) for words in WORDS]
        scans = [median(_scan(words) for _round in range(2)) for words in WORDS]
    for words, search, scan in zip(WORDS, searches, scans, strict=True):
        print(f"bench: {NAME}, {words}: {1000 * search:.1f} ms, {scan / search:.0f} times faster than the scan")
    figure, floor = 1000 * median(searches), 1000 * median(scans)
    return {
        "name": NAME,
        "figure": round(figure, 2),
        "floor": round(floor, 2),
        "unit": UNIT,
        "ratio": round(figure / floor, 4),
        "budget": BUDGET,
        "met": figure / floor <= BUDGET,
    }
