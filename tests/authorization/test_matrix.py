"""Every address, every role: who gets in, who is refused, for whom it does not exist."""

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from portal.organisation.models import Tenure
from responsibility.models import Report, Signature
from tests.authorization.rows import TABLE
from tests.authorization.table import ELSEWHERE, Case
from tests.world import ROLES

EVERYBODY = ("anonymous", *ROLES, *ELSEWHERE)
# Names that allauth and Django own; allauth's are tried in tests/accounts.
FOREIGN = {"account_signup"}


def names(resolver: URLResolver | None = None, prefix: str = "") -> set[str]:
    """The names of all addresses."""
    found: set[str] = set()
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace == "admin":
                continue
            found |= names(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif isinstance(entry, URLPattern) and entry.name:
            found.add(prefix + entry.name)
    return found


def test_every_address_has_its_row() -> None:
    missing = names() - TABLE.keys() - FOREIGN
    assert missing == set()


def test_each_role_gets_what_its_office_allows(case: Case) -> None:
    wrong = []
    for name, row in TABLE.items():
        url = reverse(name, kwargs=row.kwargs(case))
        for who in EVERYBODY:
            found = case.world.client(who).get(url).status_code
            if found not in row.expected(who):
                wrong.append(f"{name} for {who}: {found} instead of {sorted(row.expected(who))}")
    assert not wrong, "\n".join(wrong)


def test_a_leader_sees_nothing_of_another_unit(case: Case) -> None:
    other = case.world.client("other_leader")
    for name in ("responsibility:letter", "responsibility:report", "organisation:unit"):
        assert other.get(reverse(name, kwargs=TABLE[name].kwargs(case))).status_code == 404


def test_the_clean_government_part_is_read_by_leading_group_and_coordinator_only(case: Case) -> None:
    Report.objects.filter(pk=case.report.pk).update(clean={"gifts": "a secret word"}, state="submitted")
    url = case.report.get_absolute_url()
    case.world.client("leader")
    seen = {who for who in ROLES if b"a secret word" in case.world.client(who).get(url).content}
    assert seen <= {"coordinator", "head", "leader"}
    assert "liaison" not in seen
    assert "auditor" not in seen


def test_signatures_and_tenures_of_the_world_are_what_the_table_assumes(case: Case) -> None:
    assert Signature.objects.filter(side="unit").count() == 1
    assert Tenure.objects.top_leaders().count() == 5
