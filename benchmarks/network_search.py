"""The network's search over 12,000 units and 200,000 persons, beside a bare view with one indexed query and a small template.

Both are asked for by the same signed-in client, through the same middleware, in turns. The words are a mix of what people
type: names, given names, single surnames that thousands share, pinyin with and without spaces, initials, codes, employee
numbers and phones. The figure is of the coordinator over everything. What it is for somebody of one unit, to whom most of
what matches must be refused row by row, is printed beside it, and so is the slowest kind of word.
"""

import gc
import sys
from collections.abc import Sequence
from datetime import date
from statistics import median, quantiles
from time import perf_counter

from django.contrib.auth.decorators import login_required
from django.core.management import call_command
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import Client, override_settings
from django.urls import include, path

from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.accounts.services import grant
from portal.organisation.models import Person, Unit
from portal.workdays import clock

NAME, UNIT, BUDGET = "network_search", "ms (p95)", 5.0
UNITS, PERSONS, ROUNDS = 12_000, 200_000, 12
# What the floor looks for: thousands share it, so that its list is full.
SURNAME = "许"
DAY = date(2026, 4, 20)
WORDS: dict[str, Sequence[str]] = {
    "name": ("许志新", "王明远", "李安", "何安澜"),
    "surname": ("王", "李", "许"),
    "given name": ("志新", "明远"),
    "pinyin": ("xu zhixin", "wangmingyuan", "hean", "zhixin"),
    "initials": ("xzx", "wmy", "l"),
    "unit": ("财政局", "Finance", "镇17", "caizheng"),
    "code": ("U00417", "u117", "U"),
    "number": ("E0123456", "e00417"),
    "phone": ("139 0012 3456", "139-00", "1390"),
    "nothing": ("欧阳无名", "zzzz"),
}
SMALL = engines["django"].from_string(
    "<!doctype html><html lang='en'><title>Persons</title><h1>Persons</h1><ul>{% for p in persons %}<li>{{ p.name_zh }}"
    " {{ p.phone }}</li>{% endfor %}</ul></html>"
)


@login_required
def bare(request: HttpRequest) -> HttpResponse:
    """The floor: the first forty persons whose name begins with the words, by an index, as a list of names and phones."""
    persons = Person.objects.filter(name_zh__startswith=request.GET["q"]).order_by("name_zh")[:40]
    return HttpResponse(SMALL.render({"persons": persons}, request))


urlpatterns = [path("bare/", bare), path("", include("portal.urls"))]

# A city, 11 districts, 12 towns and offices in each, and what lies below those: every fourth unit of a level is a bureau.
_UNITS = """
    INSERT INTO organisation_unit (id, code, name_en, name_zh, type_id, sector_id, level, parent_id, path, dissolution_reason,
        sort_key, initials, office_phone, address)
    SELECT n, 'U' || lpad(n::text, 5, '0'),
        CASE WHEN n % 4 = 0 THEN 'Finance Bureau ' ELSE 'Town ' END || n,
        CASE WHEN n % 4 = 0 THEN '第' || n || '区财政局' ELSE '青石镇' || n END,
        (SELECT min(id) FROM organisation_unittype) + n %% 5, (SELECT min(id) FROM organisation_sector), 'township',
        CASE WHEN n > 1 THEN above END,
        CASE WHEN n = 1 THEN '1' WHEN above = 1 THEN '1.' || n WHEN above <= 12 THEN '1.' || above || '.' || n
            ELSE '1.' || (2 + (above - 13) / 12) || '.' || above || '.' || n END::ltree,
        '', CASE WHEN n % 4 = 0 THEN 'qucaizhengju' ELSE 'qingshizhen' END || n,
        CASE WHEN n % 4 = 0 THEN 'qczj' ELSE 'qsz' END, '0539-' || lpad(n::text, 7, '0'), 'Main Street ' || n
    FROM (
        SELECT n, CASE WHEN n <= 12 THEN 1 WHEN n <= 144 THEN 2 + (n - 13) / 12 ELSE 13 + n % 132 END AS above
        FROM generate_series(1, %s) n
    ) numbered
"""
_PERSONS = """
    INSERT INTO organisation_person (id, employee_no, name_en, name_zh, phone, email, sort_key, initials)
    SELECT n, 'E' || lpad(n::text, 7, '0'), initcap(s.p) || ' ' || initcap(g.p || h.p), s.z || g.z || h.z,
        '139 ' || lpad((n / 10000)::text, 4, '0') || ' ' || lpad((n % 10000)::text, 4, '0'), 'e' || n || '@example.org',
        s.p || g.p || h.p, left(s.p, 1) || left(g.p, 1) || left(h.p, 1)
    FROM generate_series(1, %s) n
    JOIN (VALUES {surnames}) s (k, z, p) ON s.k = n %% 20
    JOIN (VALUES {given}) g (k, z, p) ON g.k = n / 20 %% 25
    JOIN (VALUES {given}) h (k, z, p) ON h.k = n / 500 %% 25
"""
SURNAMES = (
    "王wang 李li 张zhang 刘liu 陈chen 杨yang 赵zhao 黄huang 周zhou 吴wu 徐xu 孙sun 胡hu 朱zhu 高gao 林lin 何he 郭guo"
    " 马ma 许xu"
)
GIVEN = (
    "志zhi 新xin 明ming 远yuan 安an 澜lan 国guo 建jian 文wen 军jun 华hua 伟wei 强qiang 平ping 春chun 海hai 红hong 玉yu 晓xiao"
    " 云yun 天tian 林lin 东dong 宁ning 清qing"
)
# Every unit has a top leader and a liaison; the others hold a post each somewhere below.
_POSTS = """
    INSERT INTO organisation_post (id, unit_id, title_en, title_zh, kind)
    SELECT n, 1 + (n - 1) %% {units}, 'Post ' || n, '职务' || n,
        CASE (n - 1) / {units} WHEN 0 THEN 'top_leader' WHEN 1 THEN 'liaison' ELSE 'other' END
    FROM generate_series(1, %s) n
"""
_TENURES = """
    INSERT INTO organisation_tenure (post_id, person_id, starts_on, acting)
    SELECT n, 1 + (n::bigint * 7919) %% {persons}, '2024-01-01', false FROM generate_series(1, %s) n
"""


def _rows_of(words: str) -> str:
    pairs = [(word[0], word[1:]) for word in words.split()]
    return ", ".join(f"({number}, '{sign}', '{pinyin}')" for number, (sign, pinyin) in enumerate(pairs))


def _fill() -> tuple[User, User]:
    """The network by one statement a table; who coordinates all of it, and somebody of one unit."""
    call_command("collectstatic", verbosity=0, interactive=False)
    persons = _PERSONS.format(surnames=_rows_of(SURNAMES), given=_rows_of(GIVEN))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_UNITS.replace(" % ", " %% "), [UNITS])
        cursor.execute(persons.replace(" % ", " %% "), [PERSONS])
        cursor.execute(_POSTS.format(units=UNITS), [PERSONS])
        cursor.execute(_TENURES.format(persons=PERSONS), [PERSONS])
        cursor.execute("SET session_replication_role = origin")
        cursor.execute("VACUUM ANALYZE")
    users = User.objects.create_user("bench-coordinator"), User.objects.create_user("bench-staff")
    grant(None, user=users[0], role=Role.COORDINATOR, path="1", reason="benchmark")
    far = Unit.objects.get(code="U07000")
    grant(None, user=users[1], role=Role.STAFF, path=str(far.path), reason="benchmark")
    return users


def _client(user: User) -> Client:
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _seconds(client: Client, url: str, **query: str) -> float:
    start = perf_counter()
    answer = client.get(url, query)
    took = perf_counter() - start
    if answer.status_code != 200:
        raise RuntimeError(f"{url} answered {answer.status_code}")
    return took


def _asked(client: Client) -> tuple[dict[str, list[float]], list[float]]:
    """How long each kind of word took, and the floor, in turns."""
    kinds: dict[str, list[float]] = {kind: [] for kind in WORDS}
    floors = []
    for number in range(ROUNDS + 1):
        for kind, words in WORDS.items():
            for word in words:
                took, floor = _seconds(client, "/network/", q=word), _seconds(client, "/bare/", q=SURNAME)
                # The first round fills caches.
                if number:
                    kinds[kind].append(took)
                    floors.append(floor)
    return kinds, floors


def _p95(seconds: Sequence[float]) -> float:
    return 1000 * quantiles(seconds, n=20)[18]


def measure() -> dict[str, object]:
    """The 95th percentile of the search and of the floor, in milliseconds, taken in turns."""
    with clock.frozen(DAY), override_settings(ROOT_URLCONF=__name__):
        coordinator, staff = _fill()
        # A web process does not have what filling left behind; it is not to be walked through by every collection.
        gc.collect()
        gc.freeze()
        kinds, floors = _asked(_client(coordinator))
        far, far_floors = _asked(_client(staff))
    for kind, seconds in kinds.items():
        told = f"median {1000 * median(seconds):.1f} ms, of one unit {1000 * median(far[kind]):.1f} ms"
        sys.stderr.write(f"bench: {NAME}, {kind}: {told}\n")
    everywhere, of_one = (
        _p95([s for took in kinds.values() for s in took]),
        _p95([s for took in far.values() for s in took]),
    )
    figure, floor = everywhere, _p95(floors)
    sys.stderr.write(
        f"bench: {NAME}, for somebody of one unit: p95 {of_one:.1f} ms, {of_one / _p95(far_floors):.2f} times\n"
    )
    return {
        "name": NAME,
        "figure": round(figure, 2),
        "floor": round(floor, 2),
        "unit": UNIT,
        "ratio": round(figure / floor, 2),
        "budget": BUDGET,
        "met": figure / floor <= BUDGET,
    }
