"""What this room makes known to the floors below: roles by office, names of paths, sections, jobs, sentences of the log."""

from django.utils.translation import gettext_lazy as _

from portal.accounts import places, scopes
from portal.accounts.models import User
from portal.audit import actions
from portal.organisation import histories, sections, sources, touched, touched_here, unit_file
from portal.organisation.filters import PartOfTreeFilter
from portal.organisation.importing.persons import PersonsImporter
from portal.organisation.policies import may_edit_units, may_see_people
from portal.organisation.services import invitations
from portal.web import jobs
from portal.web.imports import staging
from portal.web.navigation import Item
from portal.web.navigation import register as register_places


def _office(user: User) -> bool:
    return user.is_office


def _sees_people(user: User) -> bool:
    return user.is_office and may_see_people(user)


PLACES = (
    Item("prevention", _("Units"), "organisation:units", "sitemap", _office, 10),
    Item("prevention", _("People"), "organisation:people", "id-badge-2", _sees_people, 15),
    Item("prevention", _("Leading groups"), "organisation:groups", "users", _office, 20),
    Item("office", _("Accounts"), "organisation:accounts", "user-cog", may_edit_units, 8),
    Item("office", _("Import units"), "organisation:import", "table-import", may_edit_units, 10),
    Item("office", _("Import persons"), "organisation:import-persons", "table-import", may_edit_units, 11),
)
ACTIONS = {
    "tenure.begun": _("tenure begun"),
    "tenure.ended": _("tenure ended"),
    "group.made": _("leading group made"),
    "membership.begun": _("seat in a leading group begun"),
    "membership.ended": _("seat in a leading group ended"),
    "unit.renamed": _("unit renamed"),
    "unit.moved": _("unit moved in the tree"),
    "unit.merged": _("unit merged"),
    "unit.split": _("unit split"),
    "unit.dissolved": _("unit dissolved"),
    "unit_change.planned": _("change of a unit planned"),
    "unit_change.withdrawn": _("planned change of a unit withdrawn"),
    "account.created": _("account created"),
    "account.invited": _("invited"),
    "account.closed": _("account closed"),
    "account.opened_again": _("account opened again"),
    "units.imported": _("units imported"),
    "persons.imported": _("persons imported"),
}


def register_all() -> None:
    """Called once, in `AppConfig.ready()`."""
    scopes.register_source(scopes.Source(sources.offices_of, sources.holders))
    touched.register(touched_here.own_groups, 0)
    touched.register_outcome(touched_here.outcome)
    places.register_naming(sources.places)
    places.register_names(sources.names, sources.offices_of_users)
    places.register_unit_names(sources.unit_name)
    places.register_part_filter(PartOfTreeFilter)
    histories.register_all()
    for section in unit_file.sections():
        sections.register(section)
    staging.register(PersonsImporter)
    jobs.register(invitations.INVITE_JOB, jobs.Kind(_("Invite people"), invitations.run_inviting))
    register_places(*PLACES)
    actions.register(ACTIONS)
