"""A change of top leader: what the successor takes over, what stays, and afterwards what happened."""

from datetime import date
from typing import Any, ClassVar

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.organisation import policies, services, touched
from portal.organisation.forms import HandoverForm
from portal.organisation.models import Tenure, Unit
from portal.organisation.services.handover import ONE_DAY, predecessor
from portal.organisation.touched import Group, Handover
from portal.organisation.views.base import PersonVerb
from portal.organisation.views.guided import REVIEW, VALUES, Guided
from portal.web.dates import full_day
from portal.web.errors import NotAllowed
from portal.web.views import ObjectPage
from portal.workdays import clock


class HandOver(Guided, PersonVerb):
    """Hand over the post of top leader, in two pages: who and when; what passes, what stays."""

    template_name = "organisation/handover.html"
    title = _("Hand over the post of top leader")
    form_class = HandoverForm
    purpose = "hand-over"
    submit_label = _("Hand over the post")
    steps: ClassVar = ((VALUES, _("Who, and from when")), (REVIEW, _("What passes, what stays")))

    @staticmethod
    def policy(user: User, unit: Unit) -> bool:
        """The coordinator and the system administrator of this part of the tree."""
        return policies.may_appoint(user, unit)

    def look(self, form: HandoverForm) -> list[Group]:
        """Refuse what cannot be; then what passes and what stays."""
        typed = form.cleaned_data
        post = services.top_post(self.get_unit())
        person, starts_on = typed["person"], typed["starts_on"]
        self.before = services.check_handover(self.request.user, post=post, person=person, starts_on=starts_on)
        self.starts_on: date = starts_on
        handover = Handover(self.get_unit(), starts_on, before=self.before)
        return touched.groups_of_handover(handover, self.request.user)

    def perform(self, form: HandoverForm) -> Tenure:
        """Hand over, if what is confirmed is what was shown."""
        self.require_seen(form)
        typed = form.cleaned_data
        post = services.top_post(self.get_unit())
        return services.hand_over(self.request.user, post=post, person=typed["person"], starts_on=typed["starts_on"])

    def get_result_url(self, result: Tenure) -> str:
        """What happened."""
        return reverse("organisation:handed-over", args=(self.get_unit().code, result.pk))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds who holds the post, and what will happen."""
        context = super().get_context_data(**kwargs)
        if self.stage == VALUES:
            held = Tenure.objects.top_leaders().on(clock.today()).filter(post__unit=self.get_unit())
            return context | {"holder": held.select_related("person", "post").first()}
        person = context["form"].cleaned_data["person"]
        return context | {"person": person, "will_happen": self._will_happen(person.name)}

    def _will_happen(self, name: str) -> list[str]:
        before = self.before
        what = []
        if before is not None and (before.ends_on is None or before.ends_on >= self.starts_on):
            day = full_day(self.starts_on - ONE_DAY)
            what.append(_t("%(name)s holds the post until %(day)s.") % {"name": before.person.name, "day": day})
        what.append(_t("%(name)s takes office on %(day)s.") % {"name": name, "day": full_day(self.starts_on)})
        return what


class HandedOver(ObjectPage):
    """What a handover did: offices, duties, letter, cases."""

    template_name = "organisation/handed_over.html"
    object: Tenure

    def get_object(self) -> Tenure:
        """The successor's tenure, for who may enter it. Raises NotAllowed, DoesNotExist."""
        seen = Unit.objects.visible_to(self.request.user)
        tenures = Tenure.objects.top_leaders().filter(post__unit__in=seen, post__unit__code=self.kwargs["code"])
        tenure = tenures.select_related("post__unit", "person").get(pk=self.kwargs["pk"])
        if not policies.may_appoint(self.request.user, tenure.post.unit):
            raise NotAllowed
        return tenure

    def get_title(self) -> str:
        """Who took over."""
        names = {"name": self.object.person.name, "post": self.object.post.title}
        if self.object.starts_on > clock.today():
            return _t("%(name)s is to take over: %(post)s") % names
        return _t("%(name)s has taken over: %(post)s") % names

    def get_lede(self) -> str:
        """Where."""
        return str(self.object.post.unit.name)

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The unit."""
        unit = self.object.post.unit
        return [(_t("Units"), "/units/"), (unit.name, unit.get_absolute_url())]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the predecessor, and what passed and stayed, as it is now."""
        tenure = self.object
        unit, before = tenure.post.unit, predecessor(tenure.post, tenure.starts_on)
        begun = tenure if tenure.starts_on <= clock.today() else None
        groups = touched.groups_of_handover(Handover(unit, tenure.starts_on, before, begun), self.request.user)
        return super().get_context_data(tenure=tenure, unit=unit, before=before, groups=groups, **kwargs)
