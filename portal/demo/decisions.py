"""Files of decisions as the demo's agencies hand them over: the same ones each time, with two rows that cannot be read."""

from datetime import date, timedelta
from random import Random

HEADINGS = (
    "处罚决定书文号,案件名称,当事人,统一社会信用代码,违法事实,处罚种类,罚款金额（万元）,涉案金额（元）,立案日期,处罚决定日期,承办人,"
    "是否移送司法机关"
)
# What was done, its usual amount in yuan, and how often: most of it is far from any crime.
ACTS = (
    ("销售以次充好的医用耗材", 60_000, 2),
    ("在投标中与其他投标人串通投标", 350_000, 1),
    ("向采购单位经办人给付回扣", 30_000, 2),
    ("虚开增值税专用发票", 90_000, 1),
    ("超标排放生产废水", 12_000, 9),
    ("使用超过保质期的食品原料", 6_000, 14),
    ("发布虚假广告误导消费者", 15_000, 10),
    ("未取得许可擅自从事经营", 20_000, 12),
    ("价格欺诈", 4_000, 10),
    ("擅自堆放建筑垃圾", 3_000, 12),
)
PLACES, NAMES, TRADES = (
    ["青石", "河口", "东湾", "柳林", "石桥", "南山", "北河", "新安"],
    ["宏远", "恒信", "瑞丰", "安泰", "诚达", "利民", "盛源", "华康", "金桥", "同济", "永兴", "天和"],
    ["医药", "建材", "食品", "运输", "科技", "商贸", "环保", "农业"],
)
# One in so many decisions is about somebody who is punished again and again.
AGAIN, KNOWN = 12, ("青石", "宏远", "商贸")
HANDLERS = ("林海", "高明", "何云", "宋宁", "邓宇")
ROWS = 120


def as_csv(agency: str, seed: int) -> str:
    """The file of an agency."""
    chance = Random(seed)  # noqa: S311 - a story, no secret
    first = date(2025, 3, 1) + timedelta(days=90 * seed)
    rows = [_row(chance, agency[:2], first, seed, number) for number in range(1, ROWS + 1)]
    rows.append(f"青{agency[:1]}罚〔2026〕{seed}901号,某公司案,,,事实,罚款,1,2000,2026-01-05,2026-02-01,林海,否")
    rows.append(
        f"青{agency[:1]}罚〔2026〕{seed}902号,某公司案,某公司,,事实,罚款,一些,2000,2026-01-05,2026年2月31日,林海,否"
    )
    return "\n".join([HEADINGS, *rows])


def _row(chance: Random, agency: str, first: date, seed: int, number: int) -> str:
    act, scale, _often = chance.choices(ACTS, [often for _act, _scale, often in ACTS])[0]
    again = chance.randrange(AGAIN) == 0
    place, name, trade = KNOWN if again else (chance.choice(PLACES), chance.choice(NAMES), chance.choice(TRADES))
    party = f"{place}{name}{trade}有限公司"
    code = f"91410600MA3X{PLACES.index(place)}{NAMES.index(name):02d}{TRADES.index(trade)}K7"
    filed = first + timedelta(days=chance.randrange(60))
    decided = filed + timedelta(days=chance.choice((20, 35, 60, 80)) + (400 if chance.random() < 0.01 else 0))
    amount = round(scale * chance.uniform(0.3, 1.6))
    fine = round(amount * chance.choice((0.2, 0.3, 0.5, 0.8, 1.0) if chance.random() > 0.04 else (0.05,)) / 10_000, 2)
    kind = chance.choice(("罚款", "罚款", "罚款", "罚款、没收违法所得", "罚款", "罚款", "警告"))
    fact = f"{party}{act}，涉及金额{amount}元，有现场检查记录、询问笔录、票据为证。"
    moved = "是" if chance.random() < 0.05 else "否"
    cells = (
        f"青{agency[:1]}罚〔{decided.year}〕{seed}{number:03d}号",
        f"{party}{act}案",
        party,
        code,
        fact,
        kind,
        "" if kind == "警告" else str(fine),
        str(amount),
        filed.isoformat(),
        decided.isoformat(),
        chance.choice(HANDLERS),
        moved,
    )
    return ",".join(cells)
