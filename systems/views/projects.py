"""Prevention projects: the list, a project, a unit's check at a milestone."""

from typing import Any

import django_filters
import django_tables2
from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.accounts.models import User
from portal.documents import services as documents
from portal.organisation.filters import parts_of_tree
from portal.organisation.models import Unit
from portal.web.dates import due_day, full_day
from portal.web.i18n import titled
from portal.web.views import ListPage, ObjectPage
from portal.workdays import clock
from portal.workdays.calendar import load as load_calendar
from systems import policies_programme as policies
from systems.models.projects import (
    ASKED,
    METHOD_DESCRIPTIONS,
    CheckState,
    Method,
    Milestone,
    MilestoneCheck,
    Project,
    ProjectState,
)
from systems.project_words import check_state, progress, steps
from systems.services.projects.checking import FILES

CRUMBS = ((_("Prevention projects"), "/projects/"),)


class ProjectFilter(django_filters.FilterSet):
    """By words, method, state, and the part of the tree that takes part."""

    q = django_filters.CharFilter(label=_("Words"), method="words")
    method = django_filters.ChoiceFilter(choices=Method.choices, label=_("Method"))
    state = django_filters.ChoiceFilter(choices=ProjectState.choices, label=_("State"))
    part = django_filters.ModelChoiceFilter(
        queryset=parts_of_tree, to_field_name="code", label=_("Part of the tree"), method="below"
    )

    def words(self, queryset: "QuerySet[Project]", name: str, value: str) -> "QuerySet[Project]":
        """In names, subject and aim."""
        looked = Q(name_zh__icontains=value) | Q(name_en__icontains=value)
        return queryset.filter(looked | Q(subject__icontains=value) | Q(aim__icontains=value))

    def below(self, queryset: "QuerySet[Project]", name: str, value: Unit) -> "QuerySet[Project]":
        """Units of that part take part."""
        path = str(value.path)
        return queryset.filter(Q(unit__path__descendants=path) | Q(involved__unit__path__descendants=path)).distinct()


class ProjectTable(django_tables2.Table):
    """Projects, the newest first."""

    name = django_tables2.Column(verbose_name=_("Project"), accessor="name", linkify=True, order_by="name_zh")
    method = django_tables2.Column(verbose_name=_("Method"), accessor="get_method_display", order_by="method")
    unit = django_tables2.Column(verbose_name=_("Leading unit"), accessor="unit__name", order_by="unit__sort_key")
    units = django_tables2.Column(verbose_name=_("Units"), accessor="units")
    passed = django_tables2.Column(verbose_name=_("Checks passed"), order_by="passed")
    next_on = django_tables2.Column(verbose_name=_("Next milestone"))
    state = django_tables2.Column(verbose_name=_("State"), accessor="get_state_display", order_by="state")

    def render_passed(self, record: Project) -> str:
        """Of how many."""
        return progress(record.passed, record.checks)

    def value_passed(self, record: Project) -> str:
        """The same, for exports."""
        return progress(record.passed, record.checks)

    def render_name(self, record: Project) -> Any:
        """With its number."""
        return format_html("{} <small>{}</small>", record.name, f"{record.year}-{record.serial}")

    def value_name(self, record: Project) -> str:
        """The name alone."""
        return record.name

    def render_next_on(self, value: Any) -> str:
        """As a sentence."""
        return due_day(value)

    def value_next_on(self, value: Any) -> str:
        """As spreadsheets sort it."""
        return str(value.isoformat())


class ProjectsPage(ListPage):
    """The projects that a person may see."""

    model = Project
    title = _("Prevention projects")
    table_class = ProjectTable
    filterset_class = ProjectFilter
    template_name = "systems/projects.html"
    export_name = "projects"
    empty = _("No project has been planned. The coordinator plans one, names the units and sets its milestones.")

    def allowed(self, user: User) -> bool:
        """Whoever sees content."""
        return policies.may_read(user)

    def get_queryset(self) -> "QuerySet[Project]":
        """With what each row shows."""
        owed = Milestone.objects.filter(project=OuterRef("pk"), checks__state__in=ASKED)
        seen = Project.objects.visible_to(self.request.user).select_related("unit").with_progress()
        return seen.annotate(
            units=Count("involved", distinct=True),
            next_on=Subquery(owed.values("project").annotate(first=Min("due_on")).values("first")),
        )

    def get_lede(self) -> str:
        """How many are under way, and how many checks wait."""
        user = self.request.user
        running = Project.objects.visible_to(user).filter(state=ProjectState.RUNNING).count()
        text = ngettext("%(count)s project is under way.", "%(count)s projects are under way.", running)
        return text % {"count": running}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the way to a new one and the checks that wait."""
        user = self.request.user
        waiting = MilestoneCheck.objects.visible_to(user).to_check().select_related("milestone__project__unit", "unit")
        mine = [check for check in waiting[:20] if policies.may_check(user, check)]
        return super().get_context_data(may_keep=policies.may_keep_projects(user), waiting=mine, **kwargs)


class ProjectMixin:
    """Finds the project that the address names, among those that the person may see."""

    request: Any
    kwargs: dict[str, Any]
    object: Any

    def get_object(self) -> Any:
        """By year and number. Raises DoesNotExist."""
        seen = Project.objects.visible_to(self.request.user).select_related("unit", "category", "made_by")
        return seen.get(year=self.kwargs["year"], serial=self.kwargs["serial"])

    def get_crumbs(self) -> Any:
        """The list."""
        return CRUMBS


class ProjectPage(ProjectMixin, ObjectPage):
    """A project: its milestones as steps, its units with their checks."""

    template_name = "systems/project.html"
    object: Project

    def get_title(self) -> str:
        """Its name."""
        return self.object.name

    def get_lede(self) -> str:
        """Method, and where it stands."""
        words = {"method": self.object.get_method_display(), "state": self.object.get_state_display()}
        return _t("%(method)s. %(state)s.") % words

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds steps, matrix, facts and verbs."""
        project, user = self.object, self.request.user
        milestones = list(project.milestones.all())
        checks = list(
            MilestoneCheck.objects.visible_to(user)
            .filter(milestone__project=project)
            .select_related("milestone__project", "unit", "obligation__unit", "correction__unit")
        )
        return super().get_context_data(
            project=project,
            description=METHOD_DESCRIPTIONS[Method(project.method)],
            milestones=milestones,
            steps=steps(milestones, checks),
            rows=self._rows(milestones, checks),
            days=(full_day(project.starts_on), full_day(project.ends_on)),
            may_keep=policies.may_keep_projects(user),
            **kwargs,
        )

    def _rows(self, milestones: list[Milestone], checks: list[MilestoneCheck]) -> list[Any]:
        """Each unit that the reader sees with its checks, one for each milestone."""
        today, calendar = clock.today(), load_calendar()
        cells = {
            (check.unit_id, check.milestone_id): (check, check_state(check, today, calendar), check.get_absolute_url())
            for check in checks
        }
        user = self.request.user
        seen = set(
            Unit.objects.visible_to(user).filter(project_parts__project=self.object).values_list("pk", flat=True)
        )
        seen |= {check.unit_id for check in checks}
        units = [part.unit for part in self.object.involved.select_related("unit") if part.unit_id in seen]
        gone = {check.unit_id: check.unit for check in checks} | {unit.pk: unit for unit in units}
        ordered = [*units, *(unit for pk, unit in gone.items() if pk not in {u.pk for u in units})]
        return [(unit, [cells.get((unit.pk, milestone.pk)) for milestone in milestones]) for unit in ordered]


class CheckMixin(ProjectMixin):
    """Finds the check that the address names."""

    def get_object(self) -> MilestoneCheck:
        """Of a unit that the person may see. Raises DoesNotExist."""
        seen = MilestoneCheck.objects.visible_to(self.request.user).select_related(
            "milestone__project__unit", "unit", "obligation", "correction"
        )
        project = {"milestone__project__year": self.kwargs["year"], "milestone__project__serial": self.kwargs["serial"]}
        return seen.get(pk=self.kwargs["pk"], **project)

    def get_crumbs(self) -> Any:
        """The project."""
        project = self.object.milestone.project
        return (*CRUMBS, (project.name, project.get_absolute_url()))


class CheckPage(CheckMixin, ObjectPage):
    """What a unit did by a milestone, and what the check found."""

    template_name = "systems/project_check.html"
    object: MilestoneCheck

    def get_title(self) -> str:
        """Milestone and unit."""
        return titled(self.object.milestone, self.object.unit)

    def get_lede(self) -> str:
        """The day."""
        return _t("Due on %(day)s.") % {"day": due_day(self.object.obligation.due_on)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds what was said, the files and the verbs."""
        check, user = self.object, self.request.user
        running = check.milestone.project.state == ProjectState.RUNNING
        return super().get_context_data(
            check=check,
            state=check_state(check, clock.today(), load_calendar()),
            said=check.said.select_related("author").order_by("-pk"),
            files=documents.for_object(FILES, check),
            may_report=running and check.state in ASKED and policies.may_report(user, check),
            may_check=running and check.state == CheckState.REPORTED and policies.may_check(user, check),
            **kwargs,
        )
