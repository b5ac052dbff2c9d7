"""Spring: the year is opened, letters are issued and signed; one leader signs late enough for a case."""

from datetime import date
from functools import partial

from portal.demo.story import deeds
from portal.demo.story.telling import FIRST_DAY, YEAR, Story
from portal.organisation import services as organisation
from portal.organisation.models import LeadingGroup, Tenure, Unit
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from responsibility.services import letters, programme

SIGNING_DUE = date(2026, 3, 31)
ISSUED, HEADS_SIGN = date(2026, 2, 25), date(2026, 3, 3)
# Who signs late, and who is silent until the ladder reaches him.
SIGNS_LATE = {"QS-MK": date(2026, 4, 7), "QS-T2-V4": date(2026, 4, 3), "QS-S1-C2": date(2026, 4, 9)}
SIGNS_LAST = {"QS-T2-V3": date(2026, 4, 20)}


def write(story: Story) -> None:
    """Letters, from the issue to the last signature."""
    story.on(FIRST_DAY, lambda: programme.open_year(deeds.user("coordinator"), year=YEAR, signing_due_on=SIGNING_DUE))
    story.on(FIRST_DAY, _seat_deputy)
    story.on(ISSUED, _issue)
    story.on(HEADS_SIGN, _heads_sign)
    calendar = load_calendar()
    for place, code in enumerate(deeds.reporting_units()):
        day = SIGNS_LATE.get(code) or SIGNS_LAST.get(code) or calendar.add(HEADS_SIGN, 1 + place % 18)
        story.on(day, partial(deeds.sign, code))
    _case(story)


def _seat_deputy() -> None:
    """The Chief Procurator sits in the district's leading group: who answers where its head has decided."""
    organisation.seat(
        deeds.user("coordinator"),
        group=LeadingGroup.objects.get(unit__code="QS"),
        person=Tenure.objects.top_leaders().on(FIRST_DAY).get(post__unit__code="QS-JCY").person,
        is_head=False,
        starts_on=FIRST_DAY,
    )


def _case(story: Story) -> None:
    """Nothing follows: the delay is explained and made up for."""
    ill = "I was in hospital from 26 March to 12 April. / 本人3月26日至4月12日住院。"
    proved = "The illness is proved and the letter has been signed. / 住院属实，责任书已补签。"
    story.on(date(2026, 4, 17), partial(deeds.explain, "QS-T2-V3", ill))
    story.on(date(2026, 4, 22), partial(deeds.decide, "QS-T2-V3", "", proved))


def _issue() -> None:
    path = str(Unit.objects.get(code="QS").path)
    while letters.issue_chunk(deeds.user("coordinator"), YEAR, path=path):
        pass


def _heads_sign() -> None:
    for group in LeadingGroup.objects.all():
        head = group.head(clock.today())
        if head is not None and head.person.user is not None:
            deeds.sign_batch(deeds.user(head.person.user.username))
