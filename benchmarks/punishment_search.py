"""The search over a million decisions, beside a sequential ILIKE over the same texts, in the same run.

Words of two characters and more, from those that a third of all decisions hold to those of a single one; names, numbers and
phrases. The figure is the 95th percentile of the first page with its counts, the floor the median ILIKE of the same words.
"""

import sys
from statistics import median, quantiles
from time import perf_counter

from django.db import connection

from benchmarks import punishments
from cases.punishments import finding, indexing, terms
from cases.punishments.finding import Filters
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.accounts.services import grant
from portal.organisation.models import Unit
from portal.workdays import clock

NAME, UNIT, BUDGET, ROUNDS = "punishment_search", "ms (p95)", 100.0, 12
WORDS = (
    *(
        "采购",
        "拆分",
        "回扣",
        "罚款",
        "公司",
        "医药",
        "青石",
        "王志新",
        "东湾市",
        "公开招标",
        "增值税专用发票",
        "危险化学品",
    ),
    *(
        "云台区科技1234",
        "没有的词",
        "采购 医药",
        "串通投标 王",
        "7919",
        "青市监罚〔2020〕4242号",
        "询问笔录 南山",
        "3x9y",
    ),
)
_SCAN = "SELECT count(*) FROM cases_punishment WHERE is_current AND ({condition})"


def _scan(word: str) -> float:
    """A sequential ILIKE over the texts that are searched."""
    condition = " OR ".join(f"{name} ILIKE %s" for name in finding.ASKED)
    start = perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET max_parallel_workers_per_gather = 0")
        cursor.execute(_SCAN.format(condition=condition), [f"%{word}%"] * len(finding.ASKED))
        cursor.execute("RESET max_parallel_workers_per_gather")
    return 1000 * (perf_counter() - start)


def _search(user: User, word: str) -> float:
    start = perf_counter()
    found = finding.find(user, terms.parse(word), Filters())
    finding.counts(found.ids)
    return 1000 * (perf_counter() - start)


def measure() -> dict[str, object]:
    """Milliseconds of the search and of the scan."""
    with clock.frozen(punishments.DAY):
        punishments.fill()
        indexing.write_all()
        user = User.objects.create_user("reader", None)
        grant(None, user=user, role=Role.COORDINATOR, path=str(Unit.objects.get(code="D").path), reason="bench")
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE cases_punishment, cases_searchentry")
        for word in WORDS:
            _search(user, word)
        times = {word: [_search(user, word) for _round in range(ROUNDS)] for word in WORDS}
    figure = quantiles([time for each in times.values() for time in each], n=20)[-1]
    slowest = sorted(times, key=lambda word: -median(times[word]))[:3]
    said = ", ".join(f"{word} {median(times[word]):.0f} ms" for word in slowest)
    floor = median(_scan(word) for word in WORDS[:6])
    sys.stderr.write(f"punishment_search: slowest {said}\n")
    return {
        "name": NAME,
        "figure": round(figure, 1),
        "floor": round(floor, 1),
        "unit": UNIT,
        "ratio": round(floor / figure, 1),
        "budget": BUDGET,
        "met": floor / figure >= BUDGET,
    }
