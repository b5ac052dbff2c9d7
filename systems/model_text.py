"""The model text of a required system: what all of them say, around the provisions of its own."""

from collections.abc import Iterable, Mapping
from typing import Any

FIGURES = "零一二三四五六七八九十"

OPENING_EN = (
    "These rules are made for {purpose}.",
    "They bind everybody who works in this unit, the leadership first of all.",
    "The first responsible person of the unit answers for these rules; the owner named in the register carries them out.",
)
CLOSING_EN = (
    "Whoever breaks these rules is pursued by discipline and law; whoever sees a breach reports it to the owner or the liaison.",
    "The unit looks through these rules at least every {months} months and says in the register what was found.",
    "These rules are in force from the day that the register names; they are open to everybody in the unit.",
)
OPENING_ZH = (
    "为{purpose}，制定本制度。",
    "本制度适用于本单位全体人员，领导班子成员带头执行。",
    "本单位主要负责人对本制度的执行负总责，登记载明的责任人具体负责。",
)
CLOSING_ZH = (
    "违反本制度的，依纪依法追究责任；发现违反本制度行为的，应当向责任人或者联络员报告。",
    "本单位至少每{months}个月对本制度评估一次，评估情况记入制度登记。",
    "本制度自登记载明之日起施行，向本单位全体人员公开。",
)


def numeral(number: int) -> str:
    """A number below one hundred as articles have it: 十二."""
    tens, ones = divmod(number, 10)
    head = ("" if tens == 1 else FIGURES[tens]) + "十" if tens else ""
    return head + (FIGURES[ones] if ones or not tens else "")


def english(articles: Iterable[str]) -> str:
    """Articles, one below the other."""
    return "\n\n".join(f"Article {number}. {text}" for number, text in enumerate(articles, start=1))


def chinese(articles: Iterable[str]) -> str:
    """The same, numbered as Chinese rules are."""
    return "\n\n".join(f"第{numeral(number)}条　{text}" for number, text in enumerate(articles, start=1))


def compose(entry: Mapping[str, Any]) -> dict[str, str]:
    """Both texts of an entry of the catalogue's file, under the names of their columns."""
    en = [*OPENING_EN, *entry["provisions_en"], *CLOSING_EN]
    zh = [*OPENING_ZH, *entry["provisions_zh"], *CLOSING_ZH]
    months = entry["review_cycle_months"]
    return {
        "model_text_en": english(line.format(purpose=entry["purpose_en"], months=months) for line in en),
        "model_text_zh": chinese(line.format(purpose=entry["purpose_zh"], months=months) for line in zh),
    }
