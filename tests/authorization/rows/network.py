"""Who reaches the pages of `network`: the directory is for everybody, persons and corrections for those in scope."""

from typing import Any

from portal.network import services
from portal.network.models import Correction, Field
from portal.web.models import Job, JobState
from portal.workdays import clock
from tests.authorization.table import ALL, KEEPS_B, Case, Row, nothing

# Beside the unit's own people, who coordinates it.
OF_THE_UNIT = {"leader", "liaison", "coordinator"}
TOP_OR_LIAISON = {"leader", "liaison"}


def unit(case: Case) -> dict[str, Any]:
    return {"code": "B"}


def person(case: Case) -> dict[str, Any]:
    return {"number": "LEADER"}


def correction(case: Case) -> dict[str, Any]:
    found = Correction.objects.first()
    if found is None:
        found = services.propose(
            case.world.user("liaison"),
            unit=case.world.unit("B"),
            field=Field.UNIT_PHONE,
            value="0539-1112233",
            reason="moved",
        )
    return {"pk": found.pk}


def directory(case: Case) -> dict[str, Any]:
    """A directory that the leader asked for; its file is gone, so that even the owner finds nothing."""
    job = Job.objects.create(
        owner=case.world.users["leader"],
        kind="network.directory_pdf",
        state=JobState.DONE,
        result={"file": "directories/gone.pdf"},
        created_at=clock.now(),
    )
    return {"pk": job.pk}


# Whoever leads or is liaison somewhere proposes there, and sees nothing of what other units propose.
ROWS: dict[str, Row] = {
    "network:browse": Row(nothing, ALL),
    "network:unit": Row(unit, ALL),
    "network:chart": Row(unit, ALL),
    "network:person": Row(person, KEEPS_B, others=404),
    "network:propose": Row(unit, TOP_OR_LIAISON, elsewhere=set()),
    "network:corrections": Row(nothing, ALL),
    "network:correction": Row(correction, OF_THE_UNIT, others=404),
    "network:accept": Row(correction, {"coordinator"}, others=404),
    "network:decline": Row(correction, {"coordinator"}, others=404),
    "network:withdraw": Row(correction, {"liaison"}, others=404),
    "network:order-directory": Row(nothing, ALL),
    "network:directory": Row(directory, set(), others=404),
}
