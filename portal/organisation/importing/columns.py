"""The columns of the sheet, and the words people write in them."""

from collections.abc import Mapping
from typing import NamedTuple

from django.db import models
from django.utils.translation import gettext as _

from portal.organisation.models import LeadingGroup, Level, Person, Post, PostKind, Unit
from portal.web.i18n import listed
from portal.web.imports import Column

COLUMNS = (
    Column("unit_code", ("Unit code", "单位代码", "单位编码"), required=True),
    Column("unit_name_en", ("Unit name (English)", "单位英文名称", "Unit name")),
    Column("unit_name_zh", ("Unit name (Chinese)", "单位名称", "单位中文名称"), required=True),
    Column("unit_type", ("Unit type", "单位类型", "单位性质"), required=True),
    Column("sector", ("Sector", "行业", "领域"), required=True),
    Column("level", ("Level", "层级", "行政层级")),
    Column("parent_code", ("Parent code", "上级单位代码", "上级单位编码"), required=True),
    Column("group_name_en", ("Leading group (English)", "领导小组英文名称")),
    Column("group_name_zh", ("Leading group (Chinese)", "领导小组名称", "领导小组")),
    Column("post_title_en", ("Post (English)", "职务英文名称", "Post")),
    Column("post_title_zh", ("Post (Chinese)", "职务", "职务名称")),
    Column("post_kind", ("Kind of post", "职务类别")),
    Column("employee_no", ("Employee number", "工号", "人员编号")),
    Column("person_name_en", ("Name (English)", "英文姓名")),
    Column("person_name_zh", ("Name (Chinese)", "姓名", "Name")),
    Column("phone", ("Phone", "电话", "联系电话", "手机")),
    Column("email", ("E-mail", "电子邮箱", "邮箱", "Email")),
    Column("rank", ("Rank", "职级")),
    Column("official_type", ("Type of official", "人员类别")),
    Column("since", ("In office since", "任职时间", "任职日期")),
    Column("until", ("Until", "离任时间", "离任日期")),
    Column("heads_group", ("Heads the leading group", "领导小组组长")),
    # The codes of the units whose leading groups the person sits in.
    Column("member_of", ("Member of the leading group at", "领导小组成员（单位代码）")),
)
HEADINGS = {column.code: column.headings for column in COLUMNS}

# Where a cell is stored: what is longer than the column of the database is refused with a sentence.
STORED: Mapping[str, tuple[type[models.Model], str]] = {
    "unit_code": (Unit, "code"),
    "unit_name_en": (Unit, "name_en"),
    "unit_name_zh": (Unit, "name_zh"),
    "group_name_en": (LeadingGroup, "name_en"),
    "group_name_zh": (LeadingGroup, "name_zh"),
    "post_title_en": (Post, "title_en"),
    "post_title_zh": (Post, "title_zh"),
    "employee_no": (Person, "employee_no"),
    "person_name_en": (Person, "name_en"),
    "person_name_zh": (Person, "name_zh"),
    "phone": (Person, "phone"),
    "email": (Person, "email"),
}
LIMITS: Mapping[str, int] = {
    column: getattr(model._meta.get_field(name), "max_length", None) or 0 for column, (model, name) in STORED.items()
}

KINDS = {
    "topleader": PostKind.TOP_LEADER,
    "top_leader": PostKind.TOP_LEADER,
    "主要负责人": PostKind.TOP_LEADER,
    "一把手": PostKind.TOP_LEADER,
    "liaison": PostKind.LIAISON,
    "联络员": PostKind.LIAISON,
    "other": PostKind.OTHER,
    "otherpost": PostKind.OTHER,
    "其他": PostKind.OTHER,
    "其他职务": PostKind.OTHER,
}
LEVELS = {
    "province": Level.PROVINCE,
    "省级": Level.PROVINCE,
    "city": Level.CITY,
    "市级": Level.CITY,
    "district": Level.DISTRICT,
    "districtorcounty": Level.DISTRICT,
    "区县级": Level.DISTRICT,
    "县级": Level.DISTRICT,
    "township": Level.TOWNSHIP,
    "townshiporsub-district": Level.TOWNSHIP,
    "乡镇级": Level.TOWNSHIP,
    "village": Level.VILLAGE,
    "villageorcommunity": Level.VILLAGE,
    "村级": Level.VILLAGE,
}
# The level of a unit whose row names none.
LEVEL_OF_TYPE = {
    "township": Level.TOWNSHIP,
    "subdistrict": Level.TOWNSHIP,
    "village": Level.VILLAGE,
    "community": Level.VILLAGE,
}
YES = frozenset({"yes", "y", "true", "1", "是", "√"})
NO = frozenset({"", "no", "n", "false", "0", "否"})


class NotKnown(ValueError):
    """A word that the catalogue or list does not have."""


def plain(text: str) -> str:
    """A word as it is compared: without spaces, in lower case."""
    return "".join(text.split()).casefold()


class Catalogue(NamedTuple):
    """A reference catalogue: the id of an entry by its code or either name."""

    ids: dict[str, int]
    codes: dict[int, str]
    some: str

    def find(self, text: str) -> int:
        """The entry's id. Raises NotKnown with the entries to choose from."""
        found = self.ids.get(plain(text))
        if found is None:
            raise NotKnown(
                _("“%(text)s” is not in the catalogue. Known are: %(some)s …") % {"text": text, "some": self.some}
            )
        return found


def one_of(words: Mapping[str, models.TextChoices], text: str) -> str:
    """The value of a choice out of a list. Raises NotKnown with the words to choose from."""
    found = words.get(plain(text))
    if found is None:
        known = listed(choice.label for choice in dict.fromkeys(words.values()))
        raise NotKnown(_("“%(text)s” is not known. Write one of: %(known)s.") % {"text": text, "known": known})
    return str(found.value)


def yes_or_no(text: str) -> bool:
    """Yes or no in either language. Raises NotKnown."""
    if plain(text) in YES:
        return True
    if plain(text) in NO:
        return False
    raise NotKnown(_("Write yes or no."))
