"""The verbs of the Regulations: draft, write, issue, give up; say what carries an article out."""

from systems.services.regulations.issuing import discard, issue
from systems.services.regulations.tying import Ties, choices, tie
from systems.services.regulations.writing import (
    ArticleText,
    add_article,
    draft,
    edit_article,
    edit_head,
    remove_article,
)

__all__ = [
    "ArticleText",
    "Ties",
    "add_article",
    "choices",
    "discard",
    "draft",
    "edit_article",
    "edit_head",
    "issue",
    "remove_article",
    "tie",
]
