"""The histories of letters, reports, cases, the programme's settings and the letter's text."""

from collections.abc import Callable

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.accounts import history
from portal.accounts.models import User
from portal.obligations.models import Obligation
from responsibility import policies
from responsibility.models import AccountabilityCase, Letter, LetterTemplate, Programme, Report, ReportingPeriod


def _letters(reader: User) -> QuerySet[Letter]:
    return Letter.objects.filter(history.seen(reader, "unit__path"))


def _reports(reader: User) -> QuerySet[Report]:
    return Report.objects.filter(history.seen(reader, "unit__path")).select_related("unit", "period")


def _cases(reader: User) -> QuerySet[AccountabilityCase]:
    """Those that the reader may see, where the reader reads the log: a security administrator sees no cases."""
    return AccountabilityCase.objects.visible_to(reader).filter(history.seen(reader, "unit__path"))


def _duty(obj: Letter | Report | AccountabilityCase, reader: User) -> QuerySet[Obligation]:
    """The duty that the object is owed for: extensions, suspensions, steps of the ladder."""
    return Obligation.objects.filter(pk=obj.obligation_id or 0)


def _of_the_whole(
    model: type[Programme] | type[LetterTemplate],
) -> Callable[[User], QuerySet[Programme | LetterTemplate]]:
    """What belongs to no part of the tree, for who supervises or coordinates the whole of it."""

    def seen(reader: User) -> QuerySet[Programme | LetterTemplate]:
        rows = model._default_manager.all()
        return rows if history.reads_all(reader) or policies.may_edit_programme(reader) else rows.none()

    return seen


DUTY = history.Part(Obligation, _("Duty"), _duty)
PROGRAMME = history.Part(
    Programme, _("Programme settings"), lambda programme, reader: Programme.objects.filter(pk=programme.pk)
)
TEMPLATE = history.Part(
    LetterTemplate,
    _("Version of the letter"),
    lambda template, reader: LetterTemplate.objects.filter(pk=template.pk),
    labels={"published_by": _("published by")},
)


def register_all() -> None:
    """Called once, from `registration`."""
    history.register(
        history.Subject("letters", _("Letter of responsibility"), Letter, "pk", _letters, (DUTY,)),
        history.Subject("reports", _("Report"), Report, "pk", _reports, (DUTY,)),
        history.Subject("cases", _("Accountability case"), AccountabilityCase, "pk", _cases, (DUTY,)),
        history.Subject("programme", _("Programme settings"), Programme, "pk", _of_the_whole(Programme), (PROGRAMME,)),
        history.Subject(
            "templates",
            _("Version of the letter"),
            LetterTemplate,
            "version",
            _of_the_whole(LetterTemplate),
            (TEMPLATE,),
        ),
    )
    history.name_kinds({ReportingPeriod._meta.label_lower: _("Reporting period")})
