"""The imports of register, powers and findings."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from portal.accounts.models import User
from portal.organisation.views.imports import ImportTemplate
from portal.web.imports.views import ImportCheckView, ImportUploadView
from systems import policies
from systems.importing import FindingsImporter, PowersImporter, RegisterImporter


class UploadView(ImportUploadView):
    """Upload one of the lists. Sets what `ImportUploadView` asks for, and `template_url_name`."""

    template_url_name = ""

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """Who writes for units, and coordinators."""
        return policies.may_import(user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Adds the empty file."""
        return super().get_context_data(template_url=reverse(self.template_url_name), **kwargs)


class CheckView(ImportCheckView):
    """What the file holds, and the import."""

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """Who writes for units, and coordinators."""
        return policies.may_import(user)

    def get_crumbs(self) -> list[tuple[str, str]]:
        """The upload."""
        return [(_t("Imports"), reverse(self.upload_url_name))]


class ImportRegister(UploadView):
    """Upload a register of systems."""

    title = _("Import the register")
    importer = RegisterImporter
    purpose = "import-register"
    check_url_name = "systems:import-register-check"
    template_url_name = "systems:import-register-template"
    back_url = "/systems/register/"


class CheckRegister(CheckView):
    """Check and import it."""

    importer = RegisterImporter
    purpose = "apply-import-register"
    upload_url_name = "systems:import-register"
    done = ((_("Register"), "/systems/register/"),)


class RegisterTemplate(ImportTemplate):
    """An empty file."""

    columns = RegisterImporter.columns
    name = "register.xlsx"


class ImportPowers(UploadView):
    """Upload a list of powers."""

    title = _("Import powers")
    importer = PowersImporter
    purpose = "import-powers"
    check_url_name = "systems:import-powers-check"
    template_url_name = "systems:import-powers-template"
    back_url = "/systems/powers/"


class CheckPowers(CheckView):
    """Check and import it."""

    importer = PowersImporter
    purpose = "apply-import-powers"
    upload_url_name = "systems:import-powers"
    done = ((_("Powers"), "/systems/powers/"),)


class PowersTemplate(ImportTemplate):
    """An empty file."""

    columns = PowersImporter.columns
    name = "powers.xlsx"


class ImportFindings(UploadView):
    """Upload findings."""

    title = _("Import findings")
    importer = FindingsImporter
    purpose = "import-findings"
    check_url_name = "systems:import-findings-check"
    template_url_name = "systems:import-findings-template"
    back_url = "/systems/findings/"

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """Inspectors."""
        return policies.inspects(user)


class CheckFindings(CheckView):
    """Check and import them."""

    importer = FindingsImporter
    purpose = "apply-import-findings"
    upload_url_name = "systems:import-findings"
    done = ((_("Findings"), "/systems/findings/"),)

    @staticmethod
    def policy(user: User, _object: object) -> bool:
        """Inspectors."""
        return policies.inspects(user)


class FindingsTemplate(ImportTemplate):
    """An empty file."""

    columns = FindingsImporter.columns
    name = "findings.xlsx"
