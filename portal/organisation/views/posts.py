"""Posts: appoint, name who acts, end a tenure."""

from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.organisation import policies, services
from portal.organisation.forms import AppointForm, EndForm
from portal.organisation.models import Post, PostKind, Tenure, Unit
from portal.organisation.views.base import PersonVerb
from portal.web.views import VerbView


class PostVerb(PersonVerb):
    """A verb about the post that the address names, in a unit that the person may see."""

    object: Post

    def get_object(self) -> Post:
        """By unit and id."""
        seen = Unit.objects.visible_to(self.request.user)
        posts = Post.objects.filter(unit__in=seen).select_related("unit")
        return posts.get(pk=self.kwargs["pk"], unit__code=self.kwargs["code"])

    def get_unit(self) -> Unit:
        """The unit of the post."""
        return self.object.unit

    def get_lede(self) -> str:
        """Which post."""
        return _t("%(post)s, %(unit)s") % {"post": self.object.title, "unit": self.object.unit.name}


class Appoint(PostVerb):
    """Enter who holds a post."""

    title = _("Appoint to the post")
    form_class = AppointForm
    purpose = "appoint"
    submit_label = _("Appoint")

    @staticmethod
    def policy(user: User, post: Post) -> bool:
        """The coordinator and the system administrator of this part of the tree."""
        return policies.may_appoint(user, post.unit)

    def get_consequences(self) -> list[str]:
        """What follows for a top leader."""
        if self.object.kind != PostKind.TOP_LEADER:
            return []
        return [
            _t("Open duties pass to the new holder, with at least ten working days."),
            _t("A new letter of responsibility follows in the new name."),
        ]

    def perform(self, form: AppointForm) -> Tenure:
        """Appoint."""
        typed = form.cleaned_data
        return services.appoint(
            self.request.user,
            post=self.object,
            person=typed["person"],
            starts_on=typed["starts_on"],
            ends_on=typed["ends_on"],
        )


class NameActing(PostVerb):
    """The leading group names who acts in a vacant post."""

    title = _("Name who acts")
    form_class = AppointForm
    purpose = "name-acting"
    submit_label = _("Name who acts")

    @staticmethod
    def policy(user: User, post: Post) -> bool:
        """The head of a leading group above, and the coordinator."""
        return policies.may_name_acting(user, post.unit)

    def perform(self, form: AppointForm) -> Tenure:
        """Name."""
        typed = form.cleaned_data
        return services.name_acting(
            self.request.user,
            post=self.object,
            person=typed["person"],
            starts_on=typed["starts_on"],
            ends_on=typed["ends_on"],
        )


class EndTenure(VerbView):
    """End a tenure."""

    title = _("End the tenure")
    form_class = EndForm
    purpose = "end-tenure"
    submit_label = _("End the tenure")

    @staticmethod
    def policy(user: User, tenure: Tenure) -> bool:
        """The coordinator and the system administrator of this part of the tree."""
        return policies.may_appoint(user, tenure.post.unit)

    def get_object(self) -> Tenure:
        """In a unit that the person may see."""
        seen = Unit.objects.visible_to(self.request.user)
        tenures = Tenure.objects.filter(post__unit__in=seen, post__unit__code=self.kwargs["code"])
        return tenures.select_related("post__unit", "person").get(pk=self.kwargs["pk"])

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The unit."""
        return [(_t("Units"), "/units/"), (self.object.post.unit.name, self.get_back_url())]

    def get_lede(self) -> str:
        """Whose."""
        names = {"post": self.object.post.title, "unit": self.object.post.unit.name}
        office = _t("%(post)s, %(unit)s") % names
        return _t("%(name)s, %(office)s") % {"name": self.object.person.name, "office": office}

    def get_back_url(self) -> str:
        """The unit."""
        return str(self.object.post.unit.get_absolute_url())

    def get_consequences(self) -> list[str]:
        """What follows for a top leader."""
        if self.object.post.kind != PostKind.TOP_LEADER:
            return []
        return [_t("The post is vacant from the next day, and the leading group is asked who acts.")]

    def perform(self, form: EndForm) -> Tenure:
        """End it."""
        return services.end_tenure(self.request.user, self.object.pk, ends_on=form.cleaned_data["ends_on"])

    def get_result_url(self, result: Any) -> str:
        """The unit."""
        return self.get_back_url()
