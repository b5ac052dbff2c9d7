"""The import of units, posts and persons."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from portal.accounts.models import User
from portal.organisation import policies
from portal.organisation.importing import UnitsImporter
from portal.web import export
from portal.web.i18n import is_chinese
from portal.web.imports import Column
from portal.web.imports.views import ImportCheckView, ImportUploadView
from portal.web.views import PageMixin


class ImportUnits(ImportUploadView):
    """Upload a file of units, posts and persons."""

    title = _("Import units, posts and persons")
    importer = UnitsImporter
    purpose = "import-units"
    check_url_name = "organisation:import-check"
    back_url = "/units/"

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """Coordinators and system administrators."""
        return policies.may_edit_units(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the empty file."""
        return super().get_context_data(template_url=reverse("organisation:import-template"), **kwargs)


class CheckImport(ImportCheckView):
    """What the file holds, and the import."""

    importer = UnitsImporter
    purpose = "apply-import-units"
    upload_url_name = "organisation:import"
    done = ((_("Units"), "/units/"),)

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """Coordinators and system administrators."""
        return policies.may_edit_units(user)

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The upload."""
        return [(_t("Imports"), reverse("organisation:import"))]


class ImportTemplate(PageMixin, View):
    """An empty file with the headings in the person's language."""

    columns: ClassVar[Sequence[Column]] = UnitsImporter.columns
    name: ClassVar[str] = "units.xlsx"

    def get(self, request: Any) -> HttpResponse:
        """The workbook."""
        place = 1 if is_chinese() else 0
        content = export.as_xlsx([[column.headings[place] for column in self.columns]])
        answer = HttpResponse(content, content_type=export.XLSX)
        answer["Content-Disposition"] = f'attachment; filename="{self.name}"'
        return answer
