"""Finding what must not be published in a text: names, numbers, addresses, minors. Pure.

Rules find, people decide: every mask is shown to who prepares a publication, who adds what a rule has missed and takes away
what it should not have found. A name becomes its surname with 某; two of the same surname are told apart by 甲, 乙, 丙.
"""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

import rjieba
from pypinyin.phrases_dict import phrases_dict


class Kind(StrEnum):
    """What a mask hides."""

    NAME = "name"
    ID = "id"
    CODE = "code"
    PHONE = "phone"
    ACCOUNT = "account"
    PLATE = "plate"
    ADDRESS = "address"
    MINOR = "minor"
    CONTACT = "contact"


class Mask(NamedTuple):
    """A stretch of the text, what it is, and what stands there instead."""

    start: int
    end: int
    kind: str
    text: str
    instead: str


SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石"
    "姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂"
    "丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵"
    "解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓"
    "花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙伏岑习胥保蔺"
)
COMPOUND = "欧阳|上官|司马|诸葛|东方|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木|轩辕|长孙|宇文|钟离|独孤"
COMPOUNDS = frozenset(COMPOUND.split("|"))
_HAN = re.compile(r"[\u4e00-\u9fff]+")
# A person stands after these.
BEFORE = (
    "被告人|犯罪嫌疑人|嫌疑人|被调查人|被害人|证人|罪犯|当事人|举报人|行贿人|受贿人|请托人|承包人|法定代表人|负责人|经办人|承办人|辩护人|律师|"
    "局长|副局长|科长|副科长|处长|主任|副主任|书记|副书记|镇长|副镇长|乡长|村长|校长|院长|副院长|所长|站长|队长|会计|出纳|经理|总经理|董事长|老板|"
    "司机|秘书|职工|干部|村民|同事|妻子|丈夫|儿子|女儿|父亲|母亲|弟弟|哥哥|妹妹|姐姐|外甥|侄子|情妇|战友|同学|朋友|邻居|学生|教师|医生|护士|"
    "商人|供应商|包工头|开发商|投标人|收款人|户主|户名|姓名|原名|化名|一名叫|名叫|同案人|中间人|其父|其母|其妻|其夫|其子|其女|其弟|其兄|其姐|其妹|"
    "收受|送给|认定|找到|"
)
# A person stands before these.
AFTER = (
    "利用|收受|索取|贪污|挪用|侵吞|骗取|伪造|虚开|系|担任|交代|供述|供认|证实|陈述|自首|投案|被判|被处|被捕|等人|等三人|等二人|两人|二人|"
    "的妻子|的丈夫|的儿子|的女儿|的账户|的银行|名下|同志|先生|女士|所送|送给|送上|请托|承诺|要求|指使|授意|安排|伙同|合谋|商议|打电话|的电话|的手机|"
    "因涉嫌|涉嫌|犯受贿|犯贪污|犯|，男|，女|（男|（女|说|称|表示|认为|到案|出逃|于|"
    "与|和|、|住|经手|介绍|代为|，另案|先后|共同|分别"
)
# Words that begin with a character that is also a surname.
_WORDS = """
    高度 高级 任何 时任 成立 于是 安排 关于 对于 由于 基于 鉴于 属于
    位于 成员 明知 方式 方面 金额 金融 石油 文件 万元 车辆 房产 房屋
    国家 单位 全部 全体 全额 计划 计算 应当 应急 都是 来自 来源 保证
    保管 向其 向他 连续 连同 盖章 简单 古镇 花费 商品 商业 原因 原局
    官员 明确 明显 项目 左右 任职 任命 管理 常务 常委 安全 安置 曾任
    曾经 程序 钱款 钱物 白酒 温室 包括 包装 解除 单独 严重 严格 强调
    武装 商人 关系 关键 关联 时间 时候 华北 党员 党组 党委 党内 党支
    公司 银行 银川
"""
NOT_NAMES = frozenset(_WORDS.split())
_GIVEN = r"[\u4e00-\u9fff]{1,2}"
_NAME = rf"(?:(?:{COMPOUND}){_GIVEN}|[{SURNAMES}]{_GIVEN})"
_FOREIGN = r"[\u4e00-\u9fff]{2,6}·[\u4e00-\u9fff]{2,8}"
_AFTER_TITLE = re.compile(rf"(?:{BEFORE.strip('|')})[：:]?\s*(?P<name>{_NAME})")
_BEFORE_VERB = re.compile(rf"(?<![\u4e00-\u9fff])(?P<name>{_NAME})(?={AFTER})")
_AND = "与|和|同|向|给|经|由|为|对|找|让|托|请|把|将|被|跟|从|以|及|、"
_AFTER_AND = re.compile(rf"(?:{_AND})(?P<name>{_NAME})(?={AFTER}|、|，|。|；|（|共同|一起|处|家)")
_LISTED = re.compile(rf"(?<=、)(?P<name>{_NAME})(?=、|等|和|与|，|。|（|；|二人|三人|四人|五人)")

# Characters that people are named with; a surname and two of them are most likely a name, whatever stands around.
GIVEN = (
    "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂华建国红志新文海春晓玉云天东宁清波辉龙飞鹏斌宇浩凯健俊帆帅旭宏亮永福德贵晨曦雨涵"
    "梅琳雪莹洁菲晶欣怡佳慧颖婷倩薇蓉琴素珍贞莉燕彩香月莺媛瑞凡淑凤翠雅芝萍莲真荣爱妹妮素锦黛青瑶珊莎锦环婉娇宝巧美筠柔竹岚凝晴光"
    "成康星光天达安岩中茂进林有坚和彪博诚先敬震振壮会思群豪心邦承乐绍功松善厚庆民友裕河哲江广义良保卫立大铁柱根生才发旺富金银银祥喜"
    "顺利国庆忠孝仁礼智信廉正公权力学文武双全元亨利子长远运来自强守业兴盛昌隆泰和乾坤山川河湖泽润田野原木森林柏松柳杨桐枫岭峰崖峻石"
    "水火土日辰阳阴晖昭昊昕昱晗晟晋晏朗朝杭栋梁楠楷榕樱欢歌毅民汉沛沐沁泉洪津浦浩涌淮渊源溪滨潇澜瀚烨煜熙燃爽牧玲珂珏珠理琦琪琰瑾"
    "璐璟甜田畅益睿砚祖祯禄科程稳穆立端笑策简纯纲经绪维缘罡翔耀耕聪肖胜能臣舒航良艺芬芮苏若英茹荷菁菊萌萱蒙蓓蓝蔚蕊蕾虎行裕言诗语"
    "谦贤赫超越跃路轩辰迪逸道邦郁鑫铭锋锐镇闯阔陶隽雄雯霄霖露靖韵顺颂颜风飒馨骁骏骥鸣鸿鹤麒麟黎默齐惠勤俭敬诚恒心意念思远敏锡岳"
)
# A short name is believed before these only.
_ENDS = "在曾把让是的之和与、，。；：暗被将又也就便已未从向对为因说谈结签退视一时出回于等”’）"
_LIKELY = re.compile(rf"(?P<name>[{SURNAMES}][{GIVEN}]{{2}})")
_LIKELY_SHORT = re.compile(rf"(?P<name>[{SURNAMES}][{GIVEN}])(?=[{_ENDS}]|$)")

_PLATES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_NUMBERS: tuple[tuple[Kind, re.Pattern[str], str], ...] = (
    (
        Kind.ID,
        re.compile(r"(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx](?!\d)"),
        "身份证号略",
    ),
    (Kind.ID, re.compile(r"(?<=身份证号)(?:码)?[为：:]?\s*(\d{15})(?!\d)"), "身份证号略"),
    (Kind.CODE, re.compile(r"(?<![0-9A-Z])[159][1-9]\d{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Z])"), "代码略"),
    (
        Kind.ACCOUNT,
        re.compile(r"(?<!\d)(?:62|60|68|45|52|35|40|95)\d{2}[\s-]?(?:\d{4}[\s-]?){2,3}\d{1,7}(?!\d)"),
        "账号略",
    ),
    (Kind.ACCOUNT, re.compile(r"(?<=账号|卡号|帐号|账户)[为是：:]?\s*(\d[\d\s-]{7,24}\d)"), "账号略"),
    (Kind.PHONE, re.compile(r"(?<!\d)(?:\+?86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}(?!\d)"), "电话略"),
    (Kind.PHONE, re.compile(r"(?<!\d)(?:\(0\d{2,3}\)|（0\d{2,3}）|0\d{2,3}[-—－\s]?)[2-9]\d{6,7}(?!\d)"), "电话略"),
    (Kind.PLATE, re.compile(rf"[{_PLATES}][A-Z][·.\s]?[A-Z0-9]{{5,6}}(?![A-Z0-9])"), "车牌略"),
    (Kind.CONTACT, re.compile(r"[A-Za-z0-9_.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z]{2,})+"), "邮箱略"),
    (Kind.CONTACT, re.compile(r"(?:微信号?|QQ号?|qq号?)[为：:]?\s*([A-Za-z][-\w]{5,19}|[1-9]\d{4,11})"), "账号略"),
)
_PLACE = (
    r"(?:[\u4e00-\u9fff]{2,4}?(?:省|自治区))?(?:[\u4e00-\u9fff]{2,4}?市)?(?:[\u4e00-\u9fff]{1,4}?(?:区|县|旗))?"
    r"(?:[\u4e00-\u9fff]{1,4}?(?:镇|乡|街道))?"
)
_DETAIL = (
    r"(?:[\u4e00-\u9fff]{1,6}?(?:大道|路|街|巷|胡同|弄|里)(?:[东西南北中]段)?"
    r"|[\u4e00-\u9fff]{1,6}?(?:小区|花园|家园|公寓|新村|苑|社区|家属院|广场|大厦|村))"
)
_HOUSE = r"(?:[A-Za-z\d一二三四五六七八九十百]+(?:号楼|号院|号|栋|幢|座|单元|组|层|楼|室|户|院)(?:附\d+号)?)"
_BEFORE_PLACE = "".join(
    f"(?<={word})|" for word in ("住在", "居住在", "住所地", "位于", "住址为", "住址：", "地址：", "地点为", "地址为")
)
_ADDRESS = re.compile(
    rf"(?:{_BEFORE_PLACE}(?<=住)|(?<=在)|(?<=至)|(?<=到)|(?<=从)|(?<=的)|(?<=，)|(?<=：)|(?<=。)|^)"
    rf"(?![住在至到从]){_PLACE}(?:{_DETAIL}){{1,2}}(?:{_HOUSE})+\d*"
)
_AGE = r"(?:1[0-7]|[1-9]|十[一二三四五六七]?|[一二三四五六七八九])岁"
_MINOR = re.compile(
    rf"(?:年仅|刚满|未满|不满)?{_AGE}的?(?:男童|女童|男孩|女孩|幼女|儿子|女儿|孙子|孙女|孩子|学生|少年|少女)(?:{_NAME})?"
)
_MINOR_NAMED = re.compile(rf"未成年(?:人|学生|被害人|子女|女儿|儿子)(?P<name>{_NAME})")


def find(text: str, known: Iterable[str] = ()) -> list[Mask]:
    """What must not be published in a text, in its order; `known` are names that certainly stand for persons."""
    found = list(_numbers(text)) + list(_addresses(text)) + list(_minors(text))
    words: list[tuple[str, str]] = rjieba.tag(text)
    names = {match.group("name") for match in _name_matches(text, words)} | {name for name in known if len(name) > 1}
    names |= {name for name in _tagged(words) if _stands_alone(name, text)}
    # A name that was found once is masked wherever it stands.
    for name in sorted(names, key=len, reverse=True):
        found += [Mask(m.start(), m.end(), Kind.NAME, name, "") for m in re.finditer(re.escape(name), text)]
    return _named(_without_overlaps(found))


def _numbers(text: str) -> Iterable[Mask]:
    for kind, pattern, instead in _NUMBERS:
        for match in pattern.finditer(text):
            group = 1 if pattern.groups else 0
            yield Mask(*match.span(group), kind, match.group(group), f"（{instead}）")


def _addresses(text: str) -> Iterable[Mask]:
    for match in _ADDRESS.finditer(text):
        if match.group():
            yield Mask(*match.span(), Kind.ADDRESS, match.group(), "（地址略）")


def _minors(text: str) -> Iterable[Mask]:
    for match in _MINOR.finditer(text):
        yield Mask(*match.span(), Kind.MINOR, match.group(), "未成年人")
    for match in _MINOR_NAMED.finditer(text):
        yield Mask(*match.span("name"), Kind.MINOR, match.group("name"), "某")


def _name_matches(text: str, words: Sequence[tuple[str, str]]) -> Iterable[re.Match[str]]:
    for pattern in (_AFTER_TITLE, _BEFORE_VERB, _AFTER_AND, _LISTED):
        for match in pattern.finditer(text):
            trimmed = _trim(match, text)
            if trimmed is not None:
                yield trimmed
    ordinary = _in_ordinary_words(words)
    for pattern in (_LIKELY, _LIKELY_SHORT):
        yield from (m for m in pattern.finditer(text) if _is_likely(m, text) and m.start() not in ordinary)
    for match in re.finditer(rf"(?P<name>{_FOREIGN})", text):
        yield match


def _tagged(words: Sequence[tuple[str, str]]) -> Iterable[str]:
    """What a tagger of words takes for a name: "nr", or a surname by itself and the word of one or two characters behind it."""
    for place, (word, tag) in enumerate(words):
        rest = words[place + 1][0] if place + 1 < len(words) else ""
        if word in COMPOUNDS and rest and len(rest) <= 2 and _HAN.fullmatch(rest):
            yield word + rest
        elif tag != "nr" or word[0] not in SURNAMES or word in NOT_NAMES:
            continue
        elif len(word) == 1 and rest and len(rest) <= 2 and _HAN.fullmatch(rest):
            yield word + rest
        elif 1 < len(word) <= 3:
            yield word


def _in_ordinary_words(words: Sequence[tuple[str, str]]) -> set[int]:
    """Where no name begins: within words of the language, 工程 and not 程."""
    found: set[int] = set()
    at = 0
    for word, tag in words:
        if len(word) > 1 and not tag.startswith("nr"):
            found.update(range(at, at + len(word)))
        at += len(word)
    return found


def _stands_alone(name: str, text: str) -> bool:
    """Whether it is no part of words of the language wherever it stands."""
    return any(_is_likely(match, text) for match in re.finditer(rf"(?P<name>{re.escape(name)})", text))


def _is_likely(match: re.Match[str], text: str) -> bool:
    """Whether what looks like a name is no part of a word of the language."""
    name, start = match.group("name"), match.start()
    if any(name.startswith(word) for word in NOT_NAMES) or name[:2] in phrases_dict:
        return False
    # The surname may be the end of a word: 采石 and not 石.
    return text[max(start - 1, 0) : start + 1] not in phrases_dict or start == 0


def _trim(match: re.Match[str], text: str) -> re.Match[str] | None:
    """The name without a character that belongs to the next word; None for what is no name."""
    name = match.group("name")
    if any(name.startswith(word) for word in NOT_NAMES) or name[1] == "某":
        return None
    short = name[:-1]
    rest = text[match.end("name") - 1 :]
    # 王明于 is 王明 and 于; 张伟系 is 张伟 and 系.
    if len(name) == 3 and name[:2] not in COMPOUNDS and re.match(rf"(?:{AFTER})", rest):
        return re.compile(rf"(?P<name>{re.escape(short)})").match(text, match.start("name"))
    return match


def _without_overlaps(found: Sequence[Mask]) -> list[Mask]:
    """One mask for each stretch: the longer of two, of equal ones the first."""
    kept: list[Mask] = []
    for mask in sorted(found, key=lambda mask: (-(mask.end - mask.start), mask.start)):
        if not any(mask.start < other.end and other.start < mask.end for other in kept):
            kept.append(mask)
    return sorted(kept)


ORDER = "甲乙丙丁戊己庚辛壬癸"


def _named(masks: Sequence[Mask]) -> list[Mask]:
    """Names as surname and 某; several of a surname are told apart."""
    by_surname: dict[str, list[str]] = {}
    for mask in masks:
        if mask.kind == Kind.NAME:
            names = by_surname.setdefault(_surname(mask.text), [])
            if mask.text not in names:
                names.append(mask.text)
    return [
        mask._replace(instead=_instead(mask.text, by_surname)) if mask.kind == Kind.NAME else mask for mask in masks
    ]


def _surname(name: str) -> str:
    if "·" in name:
        return name[0]
    return name[:2] if name[:2] in COMPOUNDS else name[0]


def _instead(name: str, by_surname: dict[str, list[str]]) -> str:
    surname = _surname(name)
    names = by_surname[surname]
    letter = ORDER[names.index(name) % len(ORDER)] if len(names) > 1 else ""
    return f"{surname}某{letter}"


def apply(text: str, masks: Iterable[Mask]) -> str:
    """The text with its masks in place."""
    done, at = [], 0
    for mask in sorted(masks):
        done += [text[at : mask.start], mask.instead]
        at = mask.end
    return "".join([*done, text[at:]])
