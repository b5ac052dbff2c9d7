"""Writing the parts of a report, which save themselves."""

import re
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.web.errors import Conflict, PortalError
from portal.web.i18n import pick, titled
from portal.web.views import VerbView
from portal.workdays import clock
from responsibility import policies
from responsibility.models import Letter, Part, Report
from responsibility.report_forms import PartForm
from responsibility.report_parts import CLEAN, NOT_REACHED, REACHED, SHORTFALL_FIELDS, TARGET_STATES, WORK
from responsibility.services import reports
from responsibility.views.report import ReportMixin, crumbs_of, url_of

# How an address says that a part was opened from the check before handing in, and which field.
CHECK = "check"
ANCHOR = re.compile(r"[a-z0-9_-]{1,80}")
STATES = {state.code: state for state in TARGET_STATES}


class WritingView(ReportMixin, VerbView):
    """A page of leader and liaison; where nothing can be saved it says why and offers no field."""

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The report."""
        return crumbs_of(self.object, inside=True)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The form, or the sentence that stands in its way (409)."""
        stopped = self.object.stopped(clock.today())
        if stopped is None:
            return super().get(request, *args, **kwargs)
        return self.response_class(
            request=self.request,
            template=["responsibility/report_stopped.html"],
            context=self.get_context_data(stopped=stopped),
            status=stopped.status,
        )


class WritePart(WritingView):
    """Write one part of a report; it saves itself while it is typed."""

    template_name = "responsibility/report_part.html"
    form_class = PartForm
    purpose = "save-part"
    submit_label = _("Save")

    @property
    def part(self) -> Part:
        """The part that the address names."""
        return Part(self.kwargs["part"])

    def get_object(self) -> Report:
        """The report, if the person may write this part of it."""
        report = super().get_object()
        policies.require(policies.may_write_part(self.request.user, report, self.part))
        return report

    def get_title(self) -> str:
        """The part."""
        return str(self.part.label)

    def get_lede(self) -> str:
        """What it belongs to, and who reads it."""
        if self.part == Part.CLEAN:
            return _t("Only the leading group above the unit and the coordinator read this part and its files.")
        return f"{self.object.period.title} · {self.object.unit.name}"

    @property
    def checking(self) -> bool:
        """Whether the person came from the check before handing in, and goes back there."""
        return self.request.GET.get("back") == CHECK and policies.may_submit(self.request.user, self.object)

    def get_back_url(self) -> str:
        """The check, at the answer that was to be changed; else the report."""
        if not self.checking:
            return super().get_back_url()
        at = self.request.GET.get("at", "")
        return url_of("report-submit", self.object) + (f"#answer-{at}" if ANCHOR.fullmatch(at) else "")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The part's fields."""
        self.letter = self.object.letter()
        return super().get_form_kwargs() | {"part": self.part, "targets": self.letter.targets}

    def get_initial(self) -> dict[str, Any]:
        """What is stored, at the version that is shown."""
        return PartForm.initial_from(self.part, self.object.part(self.part)) | {"version": self.object.version}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the clauses beside the fields, the remarks to answer, the parts before and after."""
        latest = self.object.submissions.order_by("-number").prefetch_related("remarks__author").first()
        remarks = [r for r in latest.remarks.all() if r.part == self.part] if latest is not None else []
        context = super().get_context_data(**kwargs)
        closed = self.part == Part.CLEAN
        return context | {
            "report": self.object,
            "letter": self.letter,
            "part": self.part,
            "state": self.state(self.object),
            "following": self._following(),
            "checking": self.checking,
            "all_parts": [{"part": part, "url": self._url_of(part)} for part in Part],
            "groups": self._groups(context["form"], remarks),
            "clauses": self._clauses(),
            "autosave_url": self.request.path,
            "closed": closed,
            "files": reports.files_of(self.object, self.part),
            "attach_url": url_of("report-clean-attach" if closed else "report-attach", self.object),
        }

    def _following(self) -> Part | None:
        """The next part, if the person may write it."""
        parts = list(Part)
        place = parts.index(self.part) + 1
        return parts[place] if place < len(parts) and self._url_of(parts[place]) else None

    def _clauses(self) -> list[dict[str, Any]]:
        """The clauses of the letter that the part answers to."""
        beside = ("tasks", "reporting") if self.part == Part.TARGETS else ("duties", "reporting")
        sections = self.letter.content["sections"]
        return [clause for section in sections if section["code"] in beside for clause in section["clauses"]]

    def _url_of(self, part: Part) -> str:
        """Where a part is written, if the person may."""
        may = policies.may_write_part(self.request.user, self.object, part)
        return url_of("report-part", self.object, part.value) if may else ""

    def _groups(self, form: PartForm, remarks: list[Any]) -> list[dict[str, Any]]:
        """The fields by target, each with its remarks; for the other parts one group."""
        if self.part != Part.TARGETS:
            return [{"target": None, "fields": [f for f in form if f.name != "version"], "remarks": remarks}]
        at = self.request.GET.get("at", "")
        return [
            target_group(form, target, [r for r in remarks if r.target in ("", target["code"])], at)
            for target in self.letter.targets
        ]

    def form_valid(self, form: PartForm) -> HttpResponse:
        """Save; the page's script asks for JSON and goes on typing."""
        return self._autosave(form) if self._is_script() else super().form_valid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        """Say what is wrong; the script saves all the same, for a half-typed date is on its way to be one."""
        if not self._is_script():
            return super().form_invalid(form)
        if "version" in form.errors:
            return JsonResponse({"message": _t("Not saved: load the page again."), "errors": form.errors}, status=422)
        return self._autosave(form)

    def _is_script(self) -> bool:
        return str(self.request.headers.get("Accept")) == "application/json"

    def _autosave(self, form: PartForm) -> JsonResponse:
        """Keep what was typed so far; beside the new version stands what is wrong with it."""
        try:
            report = self._save(form, form.typed())
        except Conflict as error:
            message = _t("Somebody saved a newer version of this part. Press “Save” to see both side by side.")
            return JsonResponse({"message": message, "version": error.current.version}, status=error.status)
        except PortalError as error:
            return JsonResponse({"message": str(error)}, status=error.status)
        wrong = [
            titled(name_of(name, self.letter), sentence) for name, found in form.errors.items() for sentence in found
        ]
        return JsonResponse(
            {
                "version": report.version,
                "saved_at": f"{clock.now().astimezone(clock.zone()):%H:%M:%S}",
                "errors": form.errors,
                "message": " ".join(wrong),
            }
        )

    def _save(self, form: PartForm, values: dict[str, Any]) -> Report:
        return reports.save_part(
            self.request.user, self.object.pk, self.part, values, expected_version=form.cleaned_data["version"]
        )

    def perform(self, form: PartForm) -> Report:
        """Save."""
        return self._save(form, form.values())

    def get_result_url(self, result: Report) -> str:
        """The next part, or the report."""
        if self.checking:
            return self.get_back_url()
        following = self._following()
        if "next" in self.request.POST and following is not None:
            return self._url_of(following)
        return result.get_absolute_url()


def target_group(form: PartForm, target: dict[str, Any], remarks: list[Any], at: str = "") -> dict[str, Any]:
    """The fields of a target: those for all, and those for a shortfall, folded while they are neither needed nor used.

    A target that is reached, and about which nothing was asked, folds to one line as a whole. `at` names the field to be
    changed: what holds it is open.
    """
    name = f"target-{target['code']}"
    shortfall = [form[f"{name}-{key}"] for key in SHORTFALL_FIELDS]
    always = [form[f"{name}-{key}"] for key in ("figure", "state", "evidence")]
    state, used = form[f"{name}-state"].value(), any(field.value() or field.errors for field in shortfall)
    said = bool(form[f"{name}-figure"].value()) and not any(field.errors for field in always)
    return {
        "target": target,
        "remarks": remarks,
        "fields": always,
        "shortfall": shortfall,
        "shortfall_open": state == NOT_REACHED or used or any(at == field.name for field in shortfall),
        "state": STATES.get(str(state)),
        "figure": form[f"{name}-figure"].value(),
        "folded": state == REACHED and said and not used and not remarks and not at.startswith(f"{name}-"),
        "not_reached": NOT_REACHED,
    }


def name_of(field: str, letter: Letter) -> str:
    """What people call a field: its label, or the target it is about."""
    for target in letter.targets:
        if field.startswith(f"target-{target['code']}-"):
            return str(pick(target["name"]))
    labels = {f"{part}-{item.code}": item.label for part, items in (("work", WORK), ("clean", CLEAN)) for item in items}
    return str(labels.get(field, ""))
