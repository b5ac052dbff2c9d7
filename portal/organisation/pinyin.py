"""Order and search keys of Chinese names."""

from functools import lru_cache

from pypinyin import Style, lazy_pinyin

# Surnames that are read otherwise than the word they are written with.
SURNAMES = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "朴": "piao", "任": "ren",
    "盖": "ge", "尉迟": "yuchi", "万俟": "moqi", "令狐": "linghu", "翟": "zhai", "华": "hua", "乐": "yue",
    "员": "yun", "缪": "miao", "冼": "xian", "覃": "qin", "长孙": "zhangsun", "石": "shi", "秘": "bi",
    "折": "she", "黑": "he", "种": "chong", "繁": "po", "宓": "mi", "祭": "zhai", "逄": "pang", "隗": "wei",
}  # fmt: skip


def keys(name_zh: str, name_en: str = "", *, person: bool = False) -> tuple[str, str]:
    """The pinyin of a name without spaces, and its initials; from the English name where there is no Chinese one."""
    if not name_zh:
        words = name_en.lower().split()
        return "".join(words)[:300], "".join(word[0] for word in words)[:60]
    head, rest = _surname(name_zh) if person else ([], name_zh)
    plain = head + _syllables(rest)
    return "".join(plain)[:300], "".join(syllable[0] for syllable in plain if syllable)[:60]


def _surname(name: str) -> tuple[list[str], str]:
    """The reading of the surname, and the given name; a surname is one character unless it is known to be two."""
    length = 2 if name[:2] in SURNAMES else 1
    surname = name[:length]
    return ([SURNAMES[surname]] if surname in SURNAMES else _syllables(surname)), name[length:]


# Given names come again and again, and an import brings them by the hundred thousand.
@lru_cache(maxsize=50_000)
def _syllables(text: str) -> list[str]:
    """The reading of each character, letters and figures only; not to be changed by who asks."""
    return [
        "".join(ch for ch in syllable.lower() if ch.isalnum()) for syllable in lazy_pinyin(text, style=Style.NORMAL)
    ]
