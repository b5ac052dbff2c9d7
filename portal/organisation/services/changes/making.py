"""Units that a change makes."""

from dataclasses import dataclass
from typing import Any, Self

from django.forms.models import model_to_dict

from portal.organisation.change_errors import CodeTaken
from portal.organisation.models import Post, PostKind, Unit
from portal.organisation.pinyin import keys
from portal.organisation.tree import draw_ids

COPIED = (PostKind.TOP_LEADER, PostKind.LIAISON)


@dataclass(frozen=True)
class NewUnit:
    """A unit about to be made; `children` are the units that will lie below it."""

    code: str
    name_en: str
    name_zh: str
    type_id: int
    children: tuple[int, ...] = ()

    @classmethod
    def read(cls, values: dict[str, Any]) -> Self:
        """As a row keeps it."""
        return cls(**values | {"children": tuple(values["children"])})

    def values(self) -> dict[str, Any]:
        """As a row keeps it."""
        return {
            "code": self.code,
            "name_en": self.name_en,
            "name_zh": self.name_zh,
            "type_id": self.type_id,
            "children": list(self.children),
        }


def require_code_free(new: NewUnit, field: str) -> None:
    """No unit has the code. Raises CodeTaken at `field`."""
    if Unit.objects.filter(code=new.code).exists():
        raise CodeTaken(field=field, code=new.code)


def make(new: NewUnit, like: Unit) -> Unit:
    """Make a unit beside `like`, of its sector and level, with the posts of top leader and liaison, still vacant."""
    assert like.parent is not None, "beside the top of the tree nothing lies"
    (pk,) = draw_ids(Unit, 1)
    sort_key, initials = keys(new.name_zh, new.name_en)
    made = Unit.objects.create(
        pk=pk,
        code=new.code,
        name_en=new.name_en,
        name_zh=new.name_zh,
        type_id=new.type_id,
        sector_id=like.sector_id,
        level=like.level,
        parent=like.parent,
        path=f"{like.parent.path}.{pk}",
        sort_key=sort_key,
        initials=initials,
    )
    posts = Post.objects.filter(unit=like, kind__in=COPIED).order_by("pk")
    Post.objects.bulk_create(
        Post(unit=made, **model_to_dict(post, fields=("title_en", "title_zh", "kind"))) for post in posts
    )
    return made
