"""The Regulations of the district: adopted at the beginning of the year, revised in it."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from portal.demo.story import deeds
from systems.regulation_evidence import duty_names
from systems.services import regulations
from systems.services.regulations import ArticleText, Ties

ARTICLES = Path(__file__).resolve().parent.parent / "data" / "regulations.json"
HEAD = {
    "title_zh": "青石区预防职务犯罪工作规定",
    "title_en": "Regulations of Qingshi District on the Prevention of Duty Crimes",
    "issuer_zh": "青石区预防职务犯罪工作领导小组",
    "issuer_en": "Leading Group for the Prevention of Duty Crimes of Qingshi District",
}


def adopt() -> None:
    draft = regulations.draft(deeds.user("coordinator"), **HEAD)
    known = duty_names()
    for number, row in enumerate(json.loads(ARTICLES.read_text(encoding="utf-8")), start=1):
        ties: Mapping[str, list[str]] = row.pop("ties")
        article = regulations.add_article(deeds.user("coordinator"), draft.number, ArticleText(number, **row))
        owed = [code for code in ties["duties"] if code in known]
        regulations.tie(deeds.user("coordinator"), article.pk, Ties(owed, ties["systems"], ties["roles"]))
    regulations.issue(
        deeds.user("coordinator"),
        draft.number,
        expected_version=draft.version,
        adopted_on=date(2025, 12, 22),
        in_force_from=date(2026, 1, 1),
        document_number="青石发〔2025〕31号",
    )


def revise() -> None:
    """A draft of the next version: the article on supervision by society says who, and how often."""
    reason = "Supervisors from society get a term and a yearly meeting. / 明确监督员任期和年度会议。"
    draft = regulations.draft(deeds.user("coordinator"), **HEAD, reason=reason)
    article = draft.articles.get(heading_zh="社会监督")
    names = [name for name in ArticleText._fields if not name.startswith("text_")]
    text = ArticleText(
        text_zh="聘请预防职务犯罪监督员，任期二年；每年召开一次座谈会，听取人大代表、政协委员和群众意见，意见办理情况向社会公开。",
        text_en="Supervisors from society are invited for two years. Once a year they, deputies and the masses are heard, "
        "and what became of their opinions is made public.",
        **{name: getattr(article, name) for name in names},
    )
    regulations.edit_article(
        deeds.user("coordinator"), draft.number, article.pk, text, expected_version=article.version
    )


# --- Measures ---------------------------------------------------------------------------------------------------------
