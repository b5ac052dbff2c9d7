"""The fictional district: units, posts and persons through the import service, accounts for everybody."""

import hashlib
import json
from pathlib import Path
from typing import Any

from django.contrib.auth.hashers import make_password
from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse

from portal.accounts import services as accounts
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.organisation.importing import UnitsImporter
from portal.organisation.importing.columns import COLUMNS
from portal.organisation.importing.persons import PersonsImporter
from portal.organisation.models import LeadingGroup, Person, Tenure, Unit
from portal.web import jobs
from portal.web.imports import Summary, staging
from portal.web.models import ImportRun
from portal.workdays import clock

HERE = Path(__file__).resolve().parent
ACCOUNTS = HERE / "accounts.json"
PASSWORD = "Qingshi-2026"  # noqa: S105 - shown on the demo's sign-in page
PROGRAMME = {
    "site_name_en": "Qingshi District",
    "site_name_zh": "青石区",
    "body_en": "Qingshi District People's Procuratorate",
    "body_zh": "青石区人民检察院",
    "seal_en": "Leading Group for the Prevention of Duty Crimes of Qingshi District",
    "seal_zh": "青石区预防职务犯罪工作领导小组",
    "referral_en": "Qingshi District Supervisory Commission",
    "referral_zh": "青石区监察委员会",
    "regulations_en": "Regulations of Qingshi District on the Prevention of Duty Crimes",
    "regulations_zh": "青石区预防职务犯罪工作规定",
    "letter_prefix_en": "QS-YZ",
    "letter_prefix_zh": "青石预责",
    "case_prefix_en": "QS-ZZ",
    "case_prefix_zh": "青石责追",
    "contact": "周怀瑾 Zhou Huaijin, 0000-1234",
}


def read() -> dict[str, Any]:
    """The district as its file has it."""
    data: dict[str, Any] = json.loads((HERE / "data" / "district.json").read_text(encoding="utf-8"))
    return data


def sign_ins() -> list[dict[str, Any]]:
    """The demo's sign-ins, in the order in which they are shown."""
    found: list[dict[str, Any]] = json.loads(ACCOUNTS.read_text(encoding="utf-8"))
    return found


def as_table(data: dict[str, Any]) -> list[list[str]]:
    """The district as the rows of an import file."""
    groups = {group["unit"]: group for group in data["leading_groups"]}
    units = {unit["code"]: unit for unit in data["units"]}
    kinds = {"top_leader": "top_leader", "liaison": "liaison"}
    table = [[column.headings[0] for column in COLUMNS]]
    for person in data["persons"]:
        unit = units[person["unit"]]
        group = groups.get(unit["code"])
        cells = {
            "unit_code": unit["code"],
            "unit_name_en": unit["name_en"],
            "unit_name_zh": unit["name_zh"],
            "unit_type": unit["type"],
            "sector": unit["sector"],
            "parent_code": unit["parent"] or "",
            "group_name_en": group["name_en"] if group else "",
            "group_name_zh": group["name_zh"] if group else "",
            "post_title_en": person["post_en"],
            "post_title_zh": person["post_zh"],
            "post_kind": kinds[person["role"]],
            "employee_no": person["employee_no"],
            "person_name_en": person["name_en"],
            "person_name_zh": person["name_zh"],
            "phone": f"0000-{person['employee_no'][1:]}",
            "email": f"{person['employee_no'].lower()}@qingshi.example",
            "rank": person["rank"],
            "since": person["since"],
            "heads_group": "yes" if group and person["role"] == "top_leader" else "",
        }
        table.append([cells.get(column.code, "") for column in COLUMNS])
    return table


@transaction.atomic
def load() -> Summary:
    """Import the district and give everybody an account."""
    data = read()
    summary = UnitsImporter().apply(None, as_table(data))
    offices = {group["unit"]: group["office_at"] for group in data["leading_groups"]}
    units = {unit.code: unit for unit in Unit.objects.all()}
    for group in LeadingGroup.objects.select_related("unit"):
        group.office_at = units[offices[group.unit.code]]
        group.save(update_fields=["office_at"])
    for number, unit in enumerate(units.values(), start=1):
        unit.office_phone = f"0000-8{number:06}"
    Unit.objects.bulk_update(units.values(), ["office_phone"])
    _accounts(units)
    _staff()
    return summary


def _accounts(units: dict[str, Unit]) -> None:
    """One password for all, hashed once: the demo's secrets are printed on its sign-in page."""
    hashed = make_password(PASSWORD)
    names = {_employee(entry): entry["username"] for entry in sign_ins() if "grants" not in entry}
    for person in Person.objects.filter(user__isnull=True):
        person.user = User.objects.create(
            username=names.get(person.employee_no, person.employee_no.lower()),
            password=hashed,
            email=person.email,
            name_en=person.name_en,
            name_zh=person.name_zh,
        )
        person.save(update_fields=["user"])
    for entry in sign_ins():
        if "grants" in entry:
            user = User.objects.create(
                username=entry["username"],
                password=hashed,
                email=f"{entry['username']}@qingshi.example",
                name_en=entry["name_en"],
                name_zh=entry["name_zh"],
            )
            for role, code in entry["grants"]:
                accounts.grant(
                    None, user=user, role=Role(role), path=str(units[code].path), reason="Set-up of the demo"
                )


def _staff() -> None:
    """Who works in the units, by the coordinator's import; one of them has a sign-in."""
    by = User.objects.get(username="coordinator")
    content = (HERE / "data" / "staff.csv").read_bytes()
    run = ImportRun(
        owner=by,
        kind=PersonsImporter.code,
        name="staff.csv",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        uploaded_at=clock.now(),
    )
    run.file.save("staff.csv", ContentFile(content))
    for begin in (staging.start_check, staging.start_write):
        jobs.run(begin(by, run, reverse("organisation:import-persons-check", args=(run.pk,))).pk)
        run.refresh_from_db()
    for entry in sign_ins():
        if "staff" in entry:
            person = Person.objects.get(employee_no=entry["staff"])
            person.user = User.objects.get(username=entry["username"])
            person.save(update_fields=["user"])


def _employee(entry: dict[str, Any]) -> str:
    """The employee number of a sign-in that is named by its office."""
    if "employee_no" in entry:
        return str(entry["employee_no"])
    kind = "top_leader" if "unit_leader" in entry else "liaison"
    code = entry.get("unit_leader") or entry["unit_liaison"]
    held = Tenure.objects.on(clock.today()).filter(post__unit__code=code, post__kind=kind)
    return str(held.values_list("person__employee_no", flat=True).get())
