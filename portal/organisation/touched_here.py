"""What a change of units touches of the organisation's own: who is in office, what lies below, roles granted by hand."""

from collections.abc import Iterator

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.organisation.change_models import ChangeKind
from portal.organisation.models import Employment, GroupMembership, Tenure, Unit
from portal.organisation.services.changes import grants_over
from portal.organisation.touched import SHOWN, Group, Row, Scope
from portal.organisation.wording import period, post_of
from portal.web.i18n import titled
from portal.workdays import clock


def own_groups(scope: Scope, user: User) -> Iterator[Group]:
    """Of units that end: offices and grants. Of parts of the tree that move: their roots, with how much lies below."""
    if scope.ended:
        yield _tenures(scope)
        yield _seats(scope)
        yield _grants(scope)
        yield _staff(scope)
    yield _moved(scope)


def _last_day(scope: Scope) -> str:
    if scope.kind == ChangeKind.DISSOLVE:
        return _t("They end on the unit's last day.")
    return _t("They end on the day before the change. Whoever goes on in office is appointed anew.")


def _tenures(scope: Scope) -> Group:
    held = Tenure.objects.filter(post__unit_id__in=scope.ended).exclude(ends_on__lt=clock.today())
    rows = [
        Row(titled(t.person.name, post_of(t)), period(t.starts_on, t.ends_on))
        for t in held.select_related("person", "post__unit").order_by("post__kind", "pk")[:SHOWN]
    ]
    return Group("tenures", _("Tenures"), held.count(), rows, _last_day(scope))


def _seats(scope: Scope) -> Group:
    seats = GroupMembership.objects.filter(group__unit_id__in=scope.ended).exclude(ends_on__lt=clock.today())
    rows = [
        Row(titled(s.person.name, s.group.name), period(s.starts_on, s.ends_on))
        for s in seats.select_related("person", "group").order_by("-is_head", "pk")[:SHOWN]
    ]
    return Group("seats", _("Seats in its leading group"), seats.count(), rows, _last_day(scope))


def _staff(scope: Scope) -> Group:
    here = Employment.objects.filter(unit_id__in=scope.ended).exclude(ends_on__lt=clock.today())
    rows = [
        Row(e.person.name, e.title) for e in here.select_related("person").order_by("person__sort_key", "pk")[:SHOWN]
    ]
    remark = _("Their time there ends. Whoever goes on elsewhere is entered by an import of persons.")
    if scope.kind == ChangeKind.MERGE:
        remark = _("They work at the successor from that day on, in the same position.")
    return Group("staff", _("Who works there"), here.count(), rows, remark)


def _grants(scope: Scope) -> Group:
    granted = grants_over(list(Unit.objects.filter(pk__in=scope.ended)))
    rows = [Row(titled(grant.user.name, grant.get_role_display())) for grant in granted.select_related("user")[:SHOWN]]
    remark = _("They end. The security administrator grants anew what is still needed; roles over units below stay.")
    return Group("grants", _("Roles granted over it"), granted.count(), rows, remark)


def _moved(scope: Scope) -> Group:
    rows = []
    for moved in scope.moved[:SHOWN]:
        below = Unit.objects.active().under(str(moved.root.path)).count() - 1
        note = _t("with %(count)s below it") % {"count": below} if below else ""
        rows.append(Row(moved.root.name, note, moved.root.get_absolute_url()))
    remark = _("They get another unit above them. Letters, duties and roles granted over them go along.")
    return Group("moved", _("Units that get another place in the tree"), len(scope.moved), rows, remark)


def outcome(code: str, count: int) -> str | None:
    """Roles that ended with a unit."""
    text = ngettext(
        "%(count)s role granted over the unit has ended.", "%(count)s roles granted over the unit have ended.", count
    )
    return text % {"count": count} if code == "grants" else None
