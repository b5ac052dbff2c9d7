"""A realistic file of decisions: the parties, facts and amounts of a district's agencies, as an agency hands them over.

Made by the database and copied out, so that a million rows take seconds. Numbers of parties follow a long tail: most are
punished once, some again and again, a few by several agencies.
"""

import os
import tempfile
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from django.core.files.base import File
from django.db import connection

from cases.services.imports import begin, import_now
from portal.accounts.models import User
from portal.organisation.models import Sector, Unit, UnitType

ROWS = int(os.environ.get("BENCH_PUNISHMENTS", "1000000"))
DAY = date(2026, 4, 20)
HEADINGS = (
    "处罚决定书文号,案件名称,行政相对人名称,统一社会信用代码,法定代表人,违法事实,处罚依据,处罚类别,处罚内容,罚款金额（万元）,"
    "没收违法所得金额,涉案金额（元）,立案日期,处罚决定日期,承办人,是否移送司法机关,备注"
)
ACTS = (
    "销售以次充好的医用耗材|在一周内拆分签订采购合同规避公开招标|虚开增值税专用发票抵扣税款|未经许可擅自从事危险化学品经营|"
    "在招标过程中与其他投标人串通投标报价|向采购单位负责人给付回扣|擅自改变土地用途占用耕地|超标排放生产废水|"
    "使用超过保质期的食品原料|未按规定缴纳职工社会保险费|未取得施工许可擅自开工建设|发布虚假广告误导消费者|"
    "挪用项目专项资金用于流动周转|无证从事道路运输经营|价格欺诈未按标价结算|侵占公共绿地堆放建筑材料"
)
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马许", "志新明远安澜国建文军华伟强平春海红玉晓云天东宁清"
PLACES = "青石|河口|东湾|柳林|石桥|南山|北河|新安|龙泉|金沙|太平|白水|长岭|双溪|云台|临江"
TRADES = "医药|建材|食品|运输|科技|贸易|建设|环保|农业|化工|餐饮|物流|能源|机械|纺织|印务"
# Drawn by the number of the row: the same file each time.
_FILE = """
    SELECT '青市监罚〔' || 2018 + n % 8 || '〕' || n || '号', party || act || '案', party,
        '9141' || lpad((p * 7919 % 100000000)::text, 8, '0') || 'MA3X9Y',
        {surnames}[1 + p % 20] || {given}[1 + p / 20 % 24] || {given}[1 + p / 480 % 24],
        '经查，' || party || '于' || 2017 + n % 8 || '年' || 1 + n % 12 || '月在' || place || '镇' || n % 300 || '号' || act
            || '，涉及合同' || 1 + n % 9 || '份，货值金额' || 500 + n * 37 % 900000 || '元，违法所得' || n * 13 % 50000
            || '元。当事人对上述事实供认不讳，有询问笔录、现场检查记录、票据等证据证明。',
        '《中华人民共和国行政处罚法》第九条、第' || 20 + n % 60 || '条',
        CASE WHEN n % 5 = 0 THEN '警告' WHEN n % 5 = 1 THEN '罚款、没收违法所得' ELSE '罚款' END,
        '责令改正，罚款' || 1 + n % 30 || '万元', round((200 + n * 31 % 300000) / 10000.0, 2), n * 13 % 50000,
        500 + n * 37 % CASE WHEN n % 20 = 0 THEN 900000 ELSE 28000 END,
        to_char(date '2018-01-01' + (n * 7 % 2700)::int, 'YYYY-MM-DD'),
        to_char(
            date '2018-01-01' + (n * 7 % 2700 + 20 + n % 150)::int,
            CASE WHEN n % 10 = 0 THEN 'YYYY年FMMM月FMDD日' ELSE 'YYYY-MM-DD' END
        ),
        {surnames}[1 + n % 20] || {given}[1 + n % 24] || {given}[1 + n / 7 % 24],
        CASE WHEN n % 40 = 0 THEN '是' ELSE '否' END, ''
    FROM (
        SELECT n, p, act, place, place || (array['市', '县', '区'])[1 + p % 3] || {trades}[1 + p % 16] || p || '有限公司' AS party
        FROM (
            SELECT n, p, {acts}[1 + (n * 11 + p) % 16] AS act, {places}[1 + p % 16] AS place
            FROM (
                SELECT n, CASE WHEN n % 50 = 0 THEN n % 2000 ELSE n END AS p
                FROM generate_series({first}::bigint, {last}) n
            ) chosen
        ) said
    ) decided
"""


def agency(code: str = "MSB") -> Unit:
    """An agency of the market, below the district."""
    found = Unit.objects.filter(code=code).first()
    return found or _unit(code, Unit.objects.filter(code="D").first() or _unit("D", None))


def _unit(code: str, parent: Unit | None) -> Unit:
    kind, sector = UnitType.objects.get(code="admin_enforcement"), Sector.objects.all()[0]
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('organisation_unit', 'id'))")
        (number,) = cursor.fetchone()
    names = {"name_en": f"Agency {code}", "name_zh": "市场监督管理局", "sort_key": "s", "initials": "s"}
    path = f"{parent.path}.{number}" if parent else str(number)
    return Unit.objects.create(pk=number, code=code, type=kind, sector=sector, parent=parent, path=path, **names)


def write_file(path: Path, rows: int = ROWS, first: int = 1) -> None:
    """Write the file of an agency."""
    words = {name: _array(text.split("|")) for name, text in (("acts", ACTS), ("places", PLACES), ("trades", TRADES))}
    names = {"surnames": _array(SURNAMES), "given": _array(GIVEN)}
    query = _FILE.format(first=first, last=first + rows - 1, **words, **names)
    with path.open("wb") as file, connection.cursor() as cursor:
        file.write(HEADINGS.encode() + b"\n")
        cursor.copy_expert(f"COPY ({query}) TO STDOUT WITH (FORMAT csv)", file)


def fill(*, several: bool = False) -> None:
    """A database of decisions, imported as the command does; of two agencies where asked."""
    user, _new = User.objects.get_or_create(username="bench")
    halves = (("MSB", 1, ROWS),) if not several else (("MSB", 1, ROWS * 9 // 10), ("TAX", ROWS, ROWS // 10))
    with tempfile.TemporaryDirectory() as folder:
        for code, first, rows in halves:
            path = Path(folder) / f"{code}.csv"
            write_file(path, rows, first)
            with path.open("rb") as file:
                import_now(begin(user, agency(code), File(file, name=path.name)))


def result(name: str, figure: float, floor: float, unit: str, budget: float) -> dict[str, object]:
    """A row of the table of benchmarks: so many times the floor at most."""
    return {
        "name": name,
        "figure": round(figure, 2),
        "floor": round(floor, 2),
        "unit": unit,
        "ratio": round(figure / floor, 2),
        "budget": budget,
        "met": figure / floor <= budget,
    }


def _array(words: Iterable[str]) -> str:
    return "(array['" + "', '".join(words) + "'])"
