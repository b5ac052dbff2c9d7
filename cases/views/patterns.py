"""The page of patterns, and what follows from a loophole."""

from collections import Counter
from typing import Any

from django import forms
from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cases import gap, policies
from cases.crime_forms import long_text
from cases.models import CrimeCase, Suspect
from cases.posts import kind_of
from cases.recommendation_forms import BASIS
from cases.searching import class_of
from cases.services import recommendations
from cases.views.base import RoomMixin
from cases.views.search import CLASSES
from portal.accounts.models import User
from portal.organisation.models import Unit
from portal.web.i18n import is_chinese
from portal.web.views import ObjectPage, TemplateView, Text, VerbView
from systems.models import BlankArea, RequiredSystem

POSTS_SHOWN = 12


class Patterns(RoomMixin, TemplateView):
    """Which loopholes, sectors, ranks and amounts recur."""

    template_name = "cases/patterns.html"
    title = _("Patterns")
    lede = _("What recurs is where the next case comes from.")
    room = "cases:patterns"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the counts, each set-based."""
        cases = CrimeCase.objects.visible_to(self.request.user)
        mine = Q(crime_cases__in=cases)
        blank = Q(blank_areas__closed_on=None, blank_areas__in=BlankArea.objects.visible_to(self.request.user))
        loopholes = RequiredSystem.objects.annotate(
            cases=Count("crime_cases", filter=mine, distinct=True),
            blanks=Count("blank_areas", filter=blank, distinct=True),
        )
        sectors = cases.order_by().values_list("unit__sector__name_en", "unit__sector__name_zh").annotate(n=Count("pk"))
        ranks = (
            cases.order_by().values_list("suspects__rank__name_en", "suspects__rank__name_zh").annotate(n=Count("pk"))
        )
        return super().get_context_data(
            loopholes=loopholes.filter(cases__gt=0).order_by("-cases", "order"),
            sectors=_named(sectors),
            ranks=_named(ranks),
            posts=_posts(cases),
            amounts=_amounts(cases),
            **kwargs,
        )


def _posts(cases: Any) -> list[tuple[str, int]]:
    """The kinds of post that the persons concerned held, those that recur most."""
    held = Suspect.objects.filter(case__in=cases.order_by().values("pk")).values_list("post", flat=True)
    return Counter(kind_of(post) for post in held).most_common(POSTS_SHOWN)


def _named(rows: Any) -> list[tuple[str, int]]:
    found = [((zh if is_chinese() else en) or zh or en, n) for en, zh, n in rows if en or zh]
    return sorted(found, key=lambda pair: -pair[1])


def _amounts(cases: Any) -> list[tuple[Text, int]]:
    found = dict.fromkeys(CLASSES, 0)
    for total in cases.annotate(total=Sum("charges__amount")).values_list("total", flat=True):
        found[class_of(total)] += 1
    return [(CLASSES[name], n) for name, n in found.items() if n]


class Loophole(RoomMixin, ObjectPage):
    """One loophole: what became of it in each unit that had a case, and the other units that have the same blank area."""

    template_name = "cases/loophole.html"
    room = "cases:patterns"
    object: RequiredSystem

    def get_object(self) -> RequiredSystem:
        """By its code."""
        return RequiredSystem.objects.get(code=self.kwargs["code"])

    def get_title(self) -> Text:
        """The system."""
        return self.object.name

    def get_crumbs(self) -> list[tuple[Text, str]]:
        """The patterns."""
        return [(_("Patterns"), reverse("cases:patterns"))]

    def get_lede(self) -> Text:
        """How many cases."""
        count = CrimeCase.objects.visible_to(self.request.user).filter(loophole=self.object).count()
        sentence = ngettext("%(count)s case went through this gap.", "%(count)s cases went through this gap.", count)
        return sentence % {"count": count}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the way of each unit, and the blank areas of the others."""
        user, system = self.request.user, self.object
        blanks = BlankArea.objects.visible_to(user).filter(category=system).select_related("unit", "obligation")
        rows = gap.chains(user, system)
        known = {chain.unit.pk for chain in rows}
        actions = []
        if policies.may_work(user) and blanks.open().exists():
            url = reverse("cases:recommend-to-many", args=(system.code,))
            actions = [{"url": url, "label": _("Recommend to all of them"), "icon": "send", "primary": True}]
        return super().get_context_data(
            chains=rows,
            # Those with a case or a recommendation stand above.
            others=[blank for blank in blanks.open() if blank.unit_id not in known],
            closed_blanks=blanks.filter(closed_on__isnull=False).order_by("-closed_on")[:20],
            may_inspect=policies.may_work(user),
            actions=actions,
            **kwargs,
        )


class ManyForm(forms.Form):
    """The same recommendation to several units."""

    number = forms.CharField(label=_("Number"), max_length=50, help_text=_("Each unit's gets its place behind it."))
    case = forms.ModelChoiceField(CrimeCase.objects.none(), label=_("Case"), required=False, empty_label=_("none"))
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label=_("Units with the same blank area"), widget=forms.CheckboxSelectMultiple
    )
    facts = long_text(_("Facts and loophole"), 6)
    basis = long_text(_("Basis in law"), 2)
    measures = long_text(_("Measures asked for"), 6)

    def __init__(self, *args: Any, units: Any, cases: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["units"].queryset = units  # type: ignore[attr-defined]
        self.fields["units"].label_from_instance = lambda unit: unit.name  # type: ignore[attr-defined]
        self.fields["case"].queryset = cases  # type: ignore[attr-defined]


class RecommendToMany(RoomMixin, VerbView):
    """One case, one prevention: every unit with the same blank area is asked to fill it."""

    title = _("Recommend to all units with this gap")
    form_class = ManyForm
    purpose = "recommend-to-many"
    submit_label = _("Keep the drafts")
    room = "cases:patterns"

    @staticmethod
    def policy(user: User, _system: Any) -> bool:
        """Who works on cases."""
        return policies.may_work(user)

    def get_object(self) -> RequiredSystem:
        """By its code."""
        return RequiredSystem.objects.get(code=self.kwargs["code"])

    def get_back_url(self) -> str:
        """The loophole."""
        return reverse("cases:loophole", args=(self.object.code,))

    def get_lede(self) -> Text:
        """Which."""
        return str(self.object.name)

    def _units(self) -> Any:
        blanks = BlankArea.objects.visible_to(self.request.user).open().filter(category=self.object)
        return Unit.objects.filter(pk__in=blanks.values("unit_id"))

    def get_form_kwargs(self) -> dict[str, Any]:
        """The units, and the cases."""
        cases = CrimeCase.objects.visible_to(self.request.user).filter(loophole=self.object)
        return super().get_form_kwargs() | {"units": self._units(), "cases": cases}

    def get_initial(self) -> dict[str, Any]:
        """All of them."""
        return {"units": list(self._units().values_list("pk", flat=True)), "basis": BASIS}

    def perform(self, form: ManyForm) -> Any:
        """Draft them; somebody else signs each."""
        typed = dict(form.cleaned_data)
        units = list(typed.pop("units"))
        return recommendations.draft_many(
            self.request.user, units, number=typed.pop("number"), loophole=self.object, **typed
        )

    def get_result_url(self, result: Any) -> str:
        """The drafts."""
        return f"{reverse('cases:recommendations')}?state=draft"
