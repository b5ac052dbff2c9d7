"""Who leaves an office and who takes it: a post left vacant, and two successors, of whom one does not sign."""

from datetime import date, timedelta
from functools import partial
from typing import NamedTuple

from portal.accounts.models import User
from portal.demo.story import deeds
from portal.demo.story.telling import Story
from portal.organisation import services as organisation
from portal.organisation.models import Person, Post, PostKind, Tenure
from portal.organisation.pinyin import keys
from portal.workdays import clock


class Arrival(NamedTuple):
    """Somebody new in a unit's top post."""

    unit: str
    since: date
    username: str
    employee_no: str
    name_en: str
    name_zh: str


# A director with a letter to sign within ten working days, of which he has only been reminded so far.
BUREAU = Arrival("QS-JT", date(2026, 11, 12), "leader", "E00201", "Chen Haoran", "陈浩然")
# A village secretary who never signs the letter: overdue since October, a case opened in the town and raised to the district.
VILLAGE = Arrival("QS-T1-V3", date(2026, 10, 12), "e00202", "E00202", "He Wentao", "贺文涛")
VACANT, VACANT_SINCE = "QS-GS", date(2026, 11, 5)


def write(story: Story) -> None:
    """Departures and arrivals; heads sign the letters of those who come."""
    for arrival, by in ((VILLAGE, "town"), (BUREAU, "head")):
        story.on(arrival.since - timedelta(days=1), partial(_leaves, arrival.unit, arrival.since - timedelta(days=1)))
        story.on(arrival.since, partial(_arrives, arrival))
        story.on(arrival.since + timedelta(days=1), partial(_heads_sign, by))
    story.on(VACANT_SINCE - timedelta(days=1), partial(_leaves, VACANT, VACANT_SINCE - timedelta(days=1)))


def _leaves(code: str, last_day: date) -> None:
    tenure = Tenure.objects.top_leaders().on(clock.today()).get(post__unit__code=code)
    organisation.end_tenure(deeds.user("coordinator"), tenure.pk, ends_on=last_day)


def _arrives(new: Arrival) -> None:
    """Somebody takes the post: a new letter in the new name follows by itself."""
    sort_key, initials = keys(new.name_zh, new.name_en, person=True)
    account, _created = User.objects.get_or_create(
        username=new.username,
        defaults={
            "password": deeds.user("head").password,
            "email": f"{new.username}@qingshi.example",
            "name_en": new.name_en,
            "name_zh": new.name_zh,
        },
    )
    person = Person.objects.create(
        employee_no=new.employee_no,
        name_en=new.name_en,
        name_zh=new.name_zh,
        phone=f"0000-{new.employee_no[1:]}",
        email=account.email,
        sort_key=sort_key,
        initials=initials,
        user=account,
    )
    post = Post.objects.get(unit__code=new.unit, kind=PostKind.TOP_LEADER)
    organisation.appoint(deeds.user("coordinator"), post=post, person=person, starts_on=new.since)


def _heads_sign(name: str) -> None:
    deeds.sign_batch(deeds.user(name))
