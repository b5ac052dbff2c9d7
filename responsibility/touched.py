"""Letters, reports with the reviewer and accountability cases on the pages of a change of units and of a handover."""

from collections.abc import Iterator, Sequence

from django.db.models import F, Func, IntegerField, Q, QuerySet
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.organisation.change_models import ChangeKind
from portal.organisation.models import LeadingGroup
from portal.organisation.touched import ENDS, SHOWN, STAYS, Choice, Group, Handover, Moved, Row, Scope, Text
from portal.web.dates import full_day
from portal.web.i18n import titled
from portal.workdays import clock
from responsibility.models import AccountabilityCase, CaseState, Letter, LetterState, Report, ReportState
from responsibility.services.changes import OTHER_GROUP

CLOSED = (CaseState.CLOSED, CaseState.REFERRED)


def touched_letters(scope: Scope, user: User) -> Iterator[Group]:
    """What has no open duty of its own: letters and reports that are handed in, cases, letters under another group."""
    if scope.ended:
        signed = Letter.objects.visible_to(user).live().filter(unit_id__in=scope.ended, state=LetterState.SIGNED)
        yield _letters(
            "signed-letters", _("Signed letters"), signed, _("They stay with the unit as it was, unchanged.")
        )
        yield _reports_with_reviewer(scope.ended, user)
        yield _cases(AccountabilityCase.objects.filter(unit_id__in=scope.ended), user)
    yield from _under_another_group(scope, user)


def _letters(
    code: str, title: Text, letters: "QuerySet[Letter]", remark: Text, choices: Sequence[Choice] = ()
) -> Group:
    rows = [
        Row(titled(letter.number, letter.unit.name), letter.get_state_display(), letter.get_absolute_url())
        for letter in letters.select_related("unit").order_by("pk")[:SHOWN]
    ]
    return Group(code, title, letters.count(), rows, remark, choices)


def _reports_with_reviewer(unit_ids: Sequence[int], user: User) -> Group:
    handed_in = Report.objects.visible_to(user).filter(unit_id__in=unit_ids, state=ReportState.SUBMITTED)
    first = handed_in.select_related("unit", "period").order_by("pk")[:SHOWN]
    rows = [
        Row(titled(report.period, report.unit.name), report.get_state_display(), report.get_absolute_url())
        for report in first
    ]
    remark = _("They can still be accepted. They can no longer be returned: nobody is left to correct them.")
    return Group("reports-with-reviewer", _("Reports with the reviewer"), handed_in.count(), rows, remark)


def _cases(cases: "QuerySet[AccountabilityCase]", user: User) -> Group:
    open_cases = AccountabilityCase.objects.visible_to(user).exclude(state__in=CLOSED)
    found = open_cases.filter(pk__in=cases.values("pk"))
    rows = [
        Row(str(case), titled(case.person.name, case.get_state_display()), case.get_absolute_url())
        for case in found.select_related("unit", "person").order_by("pk")[:SHOWN]
    ]
    remark = _("They stay with the person who was in office and the unit as it was.")
    return Group("cases", _("Open accountability cases"), found.count(), rows, remark)


def _under_another_group(scope: Scope, user: User) -> Iterator[Group]:
    """Unsigned letters of units that go on, where another leading group is responsible for them afterwards."""
    condition = Q(pk__in=())
    for moved in scope.moved:
        condition |= _leaving(moved, scope.ended)
    waiting = Letter.objects.visible_to(user).waiting().filter(condition).exclude(unit_id__in=scope.ended)
    ends = Choice(ENDS, _("They are withdrawn; issue new ones under the new leading group"))
    stays = Choice(STAYS, _("They stay, and are signed for the leading group that they name"))
    yield _letters(
        OTHER_GROUP,
        _("Unsigned letters that name a leading group which is responsible no longer"),
        waiting,
        "" if scope.kind == ChangeKind.MOVE else _("They are withdrawn; issue new ones under the new leading group."),
        [ends, stays] if scope.kind == ChangeKind.MOVE else [],
    )


def _leaving(moved: Moved, ended: Sequence[int]) -> Q:
    """Letters of a part of the tree whose group lies above it now and is another one, or no more, afterwards."""
    root = str(moved.root.path)
    after = _group_at(moved.above, ended)
    inside = Q(unit__path__descendants=root) & Q(unit__dissolved_on__isnull=True)
    outside = ~Q(group__unit__path__descendants=root)
    return inside & outside & ~Q(group_id=after.pk if after else 0)


def _group_at(path: str, ended: Sequence[int]) -> LeadingGroup | None:
    """The leading group nearest to what will lie above."""
    above = LeadingGroup.objects.filter(unit__path__ancestors=path).exclude(unit_id__in=ended)
    depth = Func(F("unit__path"), function="nlevel", output_field=IntegerField())
    return above.annotate(depth=depth).order_by("-depth").first()


def outcome(code: str, count: int) -> str | None:
    """Letters that were withdrawn because another leading group is responsible."""
    if code != OTHER_GROUP:
        return None
    text = ngettext(
        "%(count)s unsigned letter of units under another leading group was withdrawn.",
        "%(count)s unsigned letters of units under another leading group were withdrawn.",
        count,
    )
    return text % {"count": count}


def of_handover(handover: Handover, user: User) -> Iterator[Group]:
    """The letter that names the old one, and the cases that stay with the predecessor."""
    live = Letter.objects.visible_to(user).live().filter(unit=handover.unit, year__gte=clock.today().year)
    if handover.tenure is not None and live.filter(tenure=handover.tenure).exists():
        yield from _new_letters(live.filter(tenure=handover.tenure))
    else:
        yield _letters(
            "letters-to-replace",
            _("Letter of responsibility"),
            live.filter(tenure__isnull=False),
            _t("A new letter in the successor's name, which names this one, is issued on %(day)s.")
            % {"day": full_day(max(handover.starts_on, clock.today()))},
        )
    if handover.before is not None:
        yield _cases(AccountabilityCase.objects.filter(tenure=handover.before), user)


def _new_letters(letters: "QuerySet[Letter]") -> Iterator[Group]:
    """The successor's letters with the one that each replaces."""
    found = letters.select_related("unit", "replaces").order_by("pk")
    rows = [
        Row(
            letter.number,
            _t("replaces %(number)s") % {"number": letter.replaces.number} if letter.replaces else "",
            letter.get_absolute_url(),
        )
        for letter in found[:SHOWN]
    ]
    yield Group("letters-issued", _("New letter of responsibility"), len(rows), rows, _("It waits for the signatures."))
