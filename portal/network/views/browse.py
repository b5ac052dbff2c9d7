"""The network: level by level, as a list, or what words find."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.network import directory, frame, people, selects
from portal.network.filters import chips_of
from portal.organisation.models import Person, Unit
from portal.web import export
from portal.web.filters import explain
from portal.web.paging import CappedPaginator
from portal.web.views import PageMixin, TemplateView

PER_PAGE = 40
# So many of each kind where units and persons stand on one page.
FIRST = 4
KINDS = ("units", "persons")


class Browse(PageMixin, TemplateView):
    """One box for words, a tree to walk down, filters; the page is also the file of what it shows."""

    template_name = "network/browse.html"
    title = _("Prevention network")

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page, or the file when `?export=xlsx` or `csv`."""
        self.filter = directory.filter_of(request.GET, request)
        if not self.filter.is_valid():
            # Again, with our own words for what is wrong.
            self.filter = directory.filter_of(request.GET, request)
            explain(self.filter)
        self.selection = directory.choose(self.request.user, self.filter) if self.filter.is_valid() else None
        kind = request.GET.get("export")
        if kind in export.KINDS and self.selection is not None:
            return self._file(kind)
        drawn = self.get_context_data()
        head = {name: drawn.pop(name) for name in ("layout", "office", "title", "lede", "crumbs")}
        body = render_to_string("network/body.html", drawn | {"request": request})
        return HttpResponse(frame.around(request, self.template_name, _said(head), body))

    def _file(self, kind: str) -> HttpResponse:
        chosen: Any = self.selection
        rows = (line.cells() for line in directory.lines(chosen, self.request.user))
        return file_of([directory.heads()], rows, "network", kind)

    def get_lede(self) -> str:
        """What is shown, in figures."""
        if self.selection is None or self.selection.words:
            return ""
        if self.selection.part is not None:
            return _t("Who leads, who is the liaison, whom to call in %(part)s and below.") % {
                "part": self.selection.part.name
            }
        count = Unit.objects.active().count()
        sentence = ngettext("%(count)s unit in force.", "%(count)s units in force.", count) % {"count": count}
        return _t("%(sentence)s Who leads, who is the liaison, whom to call.") % {"sentence": sentence}

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The way down to the part that is shown."""
        part = self.selection.part if self.selection else None
        if part is None:
            return []
        above = Unit.objects.filter(path__ancestors=str(part.path)).exclude(pk=part.pk).order_by("path")
        url = reverse("network:browse")
        return [(_t("Network"), url), *((unit.name, f"{url}?part={unit.code}") for unit in above)]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the mode, its rows, the chips and the address of the files."""
        query = self.request.GET.copy()
        for name in ("export", "page"):
            query.pop(name, None)
        common = {
            "filter": self.filter,
            "chips": chips_of(self.filter),
            "selects": selects.drawn(self.filter),
            "query": query.urlencode(),
        }
        return super().get_context_data(**common, **self._mode(), **kwargs)

    def _mode(self) -> dict[str, Any]:
        chosen = self.selection
        if chosen is None:
            return {"mode": "unclear"}
        if chosen.words:
            return {"mode": "found", "sections": self._sections(chosen), "part": chosen.part}
        if self.filter.narrows:
            page = self._page(CappedPaginator(directory.unit_rows().filter(pk__in=chosen.units.values("pk")), PER_PAGE))
            return {"mode": "list", "page": page, "entries": self._entries(page), "part": chosen.part}
        return self._level(chosen)

    # --- Level by level ----------------------------------------------------------------------------------------------------

    def _level(self, chosen: directory.Selection) -> dict[str, Any]:
        """The units directly below one, and that one's own entry. Nobody is asked to choose among a single root."""
        roots = directory.unit_rows().active().filter(parent__isnull=True).order_by("path")
        part = chosen.part or (roots[0] if len(roots[:2]) == 1 else None)
        below = directory.unit_rows().active().filter(parent=part).order_by("path") if part else roots
        page = self._page(Paginator(below, PER_PAGE))
        here = people.entries([part], self.request.user)[0] if part else None
        return {"mode": "level", "page": page, "entries": self._entries(page), "here": here, "part": chosen.part}

    # --- What words find ---------------------------------------------------------------------------------------------------

    def _sections(self, chosen: directory.Selection) -> list[dict[str, Any]]:
        """Units and persons: the first of each, or one kind page by page."""
        shown = self.request.GET.get("show")
        found = {"units": chosen.unit_ids, "persons": chosen.person_ids}
        drawn = [kind for kind in KINDS if (kind == shown or shown not in KINDS) and _some(found[kind])]
        return [self._section(kind, found[kind], alone=kind == shown) for kind in drawn]

    def _section(self, kind: str, found: Any, *, alone: bool) -> dict[str, Any]:
        page = self._page(Paginator(found.ids, PER_PAGE)) if alone else Paginator(found.ids, FIRST).page(1)
        section = {"kind": kind, "page": page, "count": len(found.ids), "capped": found.is_capped, "alone": alone}
        if kind == "units":
            rows = directory.plain(Unit, list(page.object_list))
            return section | {"entries": people.leaders(rows, self.request.user)}
        persons = directory.plain(Person, list(page.object_list))
        return section | {"persons": people.known(persons, self.request.user)}

    def _page(self, paginator: Any) -> Page[Any]:
        found: Page[Any] = paginator.get_page(self.request.GET.get("page"))
        return found

    def _entries(self, page: Page[Any]) -> list[people.Entry]:
        return people.entries(list(page.object_list), self.request.user)


def _some(found: Any) -> bool:
    return bool(found is not None and found.ids)


def _said(head: dict[str, Any]) -> dict[str, Any]:
    """The head of the page as it reads now; two of the same words are the same head."""
    crumbs = [(str(label), url) for label, url in head["crumbs"]]
    return head | {"title": str(head["title"]), "lede": str(head["lede"]), "crumbs": crumbs}


def file_of(heads: list[list[str]], rows: Any, name: str, kind: str) -> HttpResponse:
    """Rows as an attachment; a cell that would be a formula is written as text."""
    every = (row for part in (heads, rows) for row in part)
    content, mime = (
        (export.as_csv(every), "text/csv; charset=utf-8") if kind == "csv" else (export.as_xlsx(every), export.XLSX)
    )
    answer = HttpResponse(content, content_type=mime)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return answer
