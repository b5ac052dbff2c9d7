"""Looking at everything a report says, and handing it in."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.web.dates import full_day
from portal.web.forms import VersionForm
from portal.web.i18n import pick, titled
from responsibility import policies, report_rules
from responsibility.models import Letter, Part, Report, Submission
from responsibility.report_forms import TARGET_LABELS
from responsibility.report_parts import CLEAN, NOT_REACHED, SHORTFALL_FIELDS, WORK
from responsibility.services import reports
from responsibility.views.report import url_of
from responsibility.views.report_writing import CHECK, STATES, WritingView, name_of


class Answer(NamedTuple):
    """A field as it would be handed in: what it is called, what it says, what is wrong with it, the way to change it."""

    name: str
    label: str | Promise
    text: str
    lacks: str | Promise
    url: str


class Answers(NamedTuple):
    """The answers of a part of the report, or to one target of the letter."""

    part: Part
    title: str
    answers: list[Answer]
    # Whether the part begins here.
    first: bool


def change_url(report: Report, part: str, field: str) -> str:
    """Where a field is written; from there the way leads back to the check."""
    return f"{url_of('report-part', report, part)}?{urlencode({'back': CHECK, 'at': field})}#div_id_{field}"


def answers_of(report: Report, letter: Letter, lacking: Mapping[str, str | Promise]) -> list[Answers]:
    """Everything the report says, part by part in the order in which it is written."""

    def answer(part: Part, name: str, label: str | Promise, text: str) -> Answer:
        return Answer(name, label, text, lacking.get(name, ""), change_url(report, part, name))

    def texts(part: Part) -> list[Answer]:
        fields, said = (WORK, report.work) if part == Part.WORK else (CLEAN, report.clean)
        return [answer(part, f"{part}-{field.code}", field.label, said.get(field.code, "")) for field in fields]

    found = [Answers(Part.WORK, "", texts(Part.WORK), first=True)]
    for place, target in enumerate(letter.targets):
        code, said = target["code"], report.targets.get(target["code"], {})
        rows = [
            answer(Part.TARGETS, f"target-{code}-{key}", label, _shown(key, str(said.get(key, ""))))
            for key, label in TARGET_LABELS.items()
            if key not in SHORTFALL_FIELDS or said.get(key) or said.get("state") == NOT_REACHED
        ]
        found.append(Answers(Part.TARGETS, str(pick(target["name"])), rows, first=not place))
    return [*found, Answers(Part.CLEAN, "", texts(Part.CLEAN), first=True)]


def _shown(key: str, text: str) -> str:
    """A value as people read it."""
    if key == "state":
        return str(STATES[text].label) if text in STATES else ""
    if key == "remedy_on" and report_rules.is_date(text):
        return full_day(date.fromisoformat(text))
    return text


class SubmitReport(WritingView):
    """Look at what would be handed in, and hand it in."""

    template_name = "responsibility/report_submit.html"
    title = _("Check and hand in")
    form_class = VersionForm
    purpose = "submit-report"
    submit_label = _("Hand in the report")

    @staticmethod
    def policy(user: User, report: Report) -> bool:
        """The top leader."""
        return policies.may_submit(user, report)

    def get_title(self) -> str:
        """Which report."""
        return titled(self.title, self.object.period.title)

    def get_initial(self) -> dict[str, Any]:
        """The version that is shown."""
        return {"version": self.object.version}

    def get_consequences(self) -> list[str]:
        """What follows."""
        return [
            _t("What the report says is kept for good, with its files and its fingerprint."),
            _t("The coordinator reviews it and accepts it or returns it with remarks."),
            _t("You cannot change it any more, unless it is returned."),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds every answer with the way to its field, and what is missing."""
        report = self.object
        letter = report.letter()
        lacking = report_rules.missing(report.work, report.targets, report.clean, letter.target_codes())
        missing = [
            {
                "sentence": item.sentence,
                "url": change_url(report, item.part, item.field),
                "field": name_of(item.field, letter),
            }
            for item in lacking
        ]
        answers = answers_of(report, letter, {item.field: item.sentence for item in lacking})
        return super().get_context_data(
            report=report, missing=missing, answers=answers, state=self.state(report), **kwargs
        )

    def perform(self, form: VersionForm) -> Submission:
        """Hand it in."""
        return reports.submit(self.request.user, self.object.pk, expected_version=form.cleaned_data["version"])

    def get_result_url(self, result: Submission) -> str:
        """The report, which then shows the receipt."""
        return f"{result.report.get_absolute_url()}?handed-in={result.number}"
