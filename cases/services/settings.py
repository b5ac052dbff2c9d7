"""What a site sets for this room."""

from django.db import transaction

from cases import policies
from cases.models import CaseSettings
from portal.accounts.models import User
from portal.audit import services as audit
from portal.organisation.models import Unit
from portal.web.errors import Conflict


@transaction.atomic
def keep_settings(
    by: User | None, *, expected_version: int, office: Unit | None, verify_months: int, public_page: bool
) -> CaseSettings:
    """Keep the settings; `by` None is the command line. Raises NotAllowed, Conflict."""
    if by is not None:
        policies.require(policies.may_keep_rules(by))
    CaseSettings.objects.get_or_create(pk=1)
    kept = CaseSettings.objects.select_for_update(of=("self",)).get(pk=1)
    if kept.version != expected_version:
        raise Conflict(kept)
    kept.office, kept.verify_months, kept.public_page = office, verify_months, public_page
    kept.version += 1
    kept.save()
    data = {"office": office.code if office else "", "months": verify_months, "public": public_page}
    audit.record(by, "case_settings.changed", kept, data=data)
    return kept
