"""What the person concerned does in an accountability case: explain, attach, object."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.documents import services as documents
from portal.web.dates import due_day
from portal.web.forms import FileForm
from portal.web.views import VerbView
from portal.workdays import clock
from responsibility import case_words, deciding, policies
from responsibility.case_forms import ExplainForm, ObjectForm
from responsibility.models import AccountabilityCase, Programme
from responsibility.services import accountability
from responsibility.views.cases import CaseMixin


class Explain(CaseMixin, VerbView):
    """The person concerned explains."""

    title = _("Explain your case")
    form_class = ExplainForm
    purpose = "explain-case"
    submit_label = _("Give the explanation")

    @staticmethod
    def policy(user: User, case: AccountabilityCase) -> bool:
        """The person concerned."""
        return policies.is_person_concerned(user, case)

    def get_title(self) -> str:
        """What is to be explained."""
        return self.about_matter(self.title)

    def get_lede(self) -> str:
        """Until when nothing is decided, and that it is read at any time before the decision."""
        until = self.object.explain_until
        if clock.today() > until:
            text = _t("The time to be heard first ended on %(day)s. You can still explain until the decision.")
        else:
            text = _t(
                "Until %(day)s nothing is decided before you are heard. You can still add to it until the decision."
            )
        return text % {"day": due_day(until)}

    def perform(self, form: ExplainForm) -> AccountabilityCase:
        """Record it."""
        typed = form.cleaned_data
        return accountability.explain(
            self.request.user, self.object.pk, expected_version=typed["version"], text=typed["text"]
        )


class AttachToCase(CaseMixin, VerbView):
    """The person concerned attaches a file to the explanation or the objection."""

    title = _("Attach a file")
    form_class = FileForm
    purpose = "attach-to-case"
    submit_label = _("Attach")

    @staticmethod
    def policy(user: User, case: AccountabilityCase) -> bool:
        """The person concerned, until the decision, and again while an objection waits for its answer."""
        return policies.may_attach_to_case(user, case)

    def get_title(self) -> str:
        """To which case."""
        return self.about_matter(self.title)

    def perform(self, form: FileForm) -> Any:
        """Keep it."""
        return documents.attach(self.request.user, "case", self.object, form.cleaned_data["file"])

    def get_result_url(self, result: Any) -> str:
        """The case."""
        return str(self.object.get_absolute_url())


class ObjectTo(CaseMixin, VerbView):
    """The person concerned objects, once."""

    title = _("Object to the decision")
    form_class = ObjectForm
    purpose = "object-to-decision"
    submit_label = _("Object")

    @staticmethod
    def policy(user: User, case: AccountabilityCase) -> bool:
        """The person concerned."""
        return policies.is_person_concerned(user, case)

    def get_title(self) -> str:
        """Which decision."""
        return self.about_matter(self.title)

    def get_lede(self) -> str:
        """Who answers."""
        bench = deciding.answerer_of(self.object)
        if bench.members:
            return _t("You can object once. Who decided does not answer: %(who)s does.") % {
                "who": case_words.bench_words(bench)
            }
        return _t("You can object once. Nobody in this tree may answer it: it is referred to %(body)s.") % {
            "body": Programme.objects.get(pk=1).referral
        }

    def perform(self, form: ObjectForm) -> AccountabilityCase:
        """Record it."""
        typed = form.cleaned_data
        return accountability.object_to(
            self.request.user, self.object.pk, expected_version=typed["version"], text=typed["text"]
        )
