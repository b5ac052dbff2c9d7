"""Corrections: proposed by the unit's own people, decided by the coordinator, written once and only while the value stands."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from portal.accounts import services as accounts
from portal.accounts.models import User
from portal.accounts.roles import Role
from portal.audit.models import Entry
from portal.network import services
from portal.network.errors import (
    AlreadyDecided,
    EmptyValue,
    NotAnEmail,
    NotAPhone,
    NotOfTheUnit,
    OwnProposal,
    ProposedAlready,
    ReasonMissing,
    SameValue,
    TooLong,
    ValueChanged,
)
from portal.network.models import Correction, Field, State
from portal.notices.models import Notice
from portal.organisation.models import Person, Unit
from portal.web.errors import NotAllowed
from tests.queries import count_queries
from tests.world import PASSWORD, World

NEW_PHONE = "0539-1112233"


def person(name: str) -> Person:
    return Person.objects.get(employee_no=name.upper())


def propose(world: World, by: str = "liaison", **values: Any) -> Correction:
    typed: dict[str, Any] = {"field": Field.UNIT_PHONE, "value": NEW_PHONE, "reason": "The office moved."} | values
    return services.propose(world.user(by), unit=world.unit("B"), **typed)


def state(correction: Correction) -> str:
    return Correction.objects.get(pk=correction.pk).state


def told(kind: str) -> set[str]:
    return set(Notice.objects.filter(kind=kind).values_list("recipient__username", flat=True))


class TestPropose:
    def test_waits_for_the_coordinator_who_is_told(self, world: World) -> None:
        made = propose(world)
        assert (made.state, made.value_then, made.value_proposed) == (State.PROPOSED, "", NEW_PHONE)
        assert told("correction_proposed") == {"coordinator"}
        assert Unit.objects.get(code="B").office_phone == ""
        assert Entry.objects.filter(action="correction.proposed").count() == 1

    def test_of_a_person_in_the_unit(self, world: World) -> None:
        made = propose(world, by="leader", field=Field.PERSON_EMAIL, person=person("liaison"), value="a@example.org")
        assert made.value_then == "liaison@example.org"

    @pytest.mark.parametrize("who", ["coordinator", "head", "staff", "other_leader", "auditor", "system_admin"])
    def test_only_by_top_leader_and_liaison_of_the_unit(self, world: World, who: str) -> None:
        with pytest.raises(NotAllowed):
            propose(world, by=who)
        assert not Correction.objects.exists()

    @pytest.mark.parametrize(
        ("field", "value", "error"),
        [
            (Field.UNIT_PHONE, "call me", NotAPhone),
            (Field.UNIT_PHONE, "1234", NotAPhone),
            (Field.UNIT_PHONE, "   ", EmptyValue),
            (Field.UNIT_NAME_ZH, "", EmptyValue),
            (Field.UNIT_NAME_ZH, "财政局", SameValue),
            (Field.UNIT_NAME_EN, "x" * 201, TooLong),
            (Field.PERSON_EMAIL, "nobody", NotAnEmail),
            (Field.PERSON_PHONE, "1" * 21, NotAPhone),
        ],
    )
    def test_refuses_what_cannot_be_right(self, world: World, field: Field, value: str, error: type[Exception]) -> None:
        with pytest.raises(error):
            propose(world, field=field, value=value, person=person("leader") if field.is_personal else None)

    def test_refuses_a_person_without_a_post_there(self, world: World) -> None:
        for other in (person("other_leader"), None):
            with pytest.raises(NotOfTheUnit):
                propose(world, field=Field.PERSON_PHONE, person=other)

    def test_refuses_a_second_one_that_would_wait_beside_it(self, world: World) -> None:
        propose(world)
        with pytest.raises(ProposedAlready):
            propose(world, by="leader", value="0539-9998877")
        with pytest.raises(ReasonMissing):
            propose(world, field=Field.UNIT_ADDRESS, value="x", reason=" ")

    def test_the_database_refuses_it_too(self, world: World) -> None:
        made = propose(world)
        with pytest.raises(IntegrityError), transaction.atomic():
            Correction.objects.create(
                unit=made.unit, field=made.field, value_proposed="x", reason="x", proposed_by=world.users["leader"]
            )


class TestAccept:
    def test_writes_the_value_tells_the_proposer_and_logs_both_values(self, world: World) -> None:
        Unit.objects.filter(code="B").update(office_phone="0539-0000000")
        made = propose(world)
        services.accept(world.user("coordinator"), made.pk)
        assert Unit.objects.get(code="B").office_phone == NEW_PHONE
        assert told("correction_accepted") == {"liaison"}
        data = Entry.objects.get(action="correction.accepted").data
        assert (data["from"], data["to"]) == ("0539-0000000", NEW_PHONE)
        assert NEW_PHONE in Notice.objects.get(kind="correction_accepted").body

    def test_a_name_brings_its_keys_along(self, world: World) -> None:
        made = propose(world, field=Field.PERSON_NAME_ZH, value="曾志新", person=person("leader"))
        services.accept(world.user("coordinator"), made.pk)
        assert (person("leader").sort_key, person("leader").initials) == ("zengzhixin", "zzx")

    def test_an_account_keeps_the_address_that_a_new_password_goes_to(self, world: World) -> None:
        made = propose(world, field=Field.PERSON_EMAIL, value="thief@example.org", person=person("leader"))
        services.accept(world.user("coordinator"), made.pk)
        assert person("leader").email == "thief@example.org"
        assert world.user("leader").email == "leader@example.org"

    def test_refuses_once_the_value_has_changed_and_names_both(self, world: World) -> None:
        made = propose(world)
        Unit.objects.filter(code="B").update(office_phone="0539-5555555")
        with pytest.raises(ValueChanged, match="0539-5555555"):
            services.accept(world.user("coordinator"), made.pk)
        assert Unit.objects.get(code="B").office_phone == "0539-5555555"
        assert state(made) == State.PROPOSED
        assert not told("correction_accepted")

    @pytest.mark.parametrize("who", ["head", "leader", "auditor", "system_admin", "other_leader"])
    def test_only_by_the_coordinator_over_the_unit(self, world: World, who: str) -> None:
        made = propose(world)
        with pytest.raises(NotAllowed):
            services.accept(world.user(who), made.pk)
        with pytest.raises(NotAllowed):
            services.decline(world.user(who), made.pk, reason="no")
        assert state(made) == State.PROPOSED

    def test_nobody_decides_on_his_own(self, world: World) -> None:
        accounts.grant(
            None, user=world.users["liaison"], role=Role.COORDINATOR, path=str(world.unit("D").path), reason="test"
        )
        made = propose(world)
        assert told("correction_proposed") == {"coordinator"}
        with pytest.raises(OwnProposal):
            services.accept(world.user("liaison"), made.pk)


class TestOtherWays:
    def test_declined_with_the_reason_that_the_proposer_reads(self, world: World) -> None:
        made = propose(world)
        with pytest.raises(ReasonMissing):
            services.decline(world.user("coordinator"), made.pk, reason="  ")
        services.decline(world.user("coordinator"), made.pk, reason="It is the fax.")
        assert state(made) == State.DECLINED
        assert Unit.objects.get(code="B").office_phone == ""
        assert "It is the fax." in Notice.objects.get(kind="correction_declined", recipient__username="liaison").body

    def test_withdrawn_by_who_proposed_it_and_nobody_else(self, world: World) -> None:
        made = propose(world)
        with pytest.raises(NotAllowed):
            services.withdraw(world.user("leader"), made.pk)
        services.withdraw(world.user("liaison"), made.pk)
        assert state(made) == State.WITHDRAWN
        assert propose(world, by="leader").state == State.PROPOSED

    @pytest.mark.parametrize("first", ["accept", "decline", "withdraw"])
    def test_what_is_decided_is_not_decided_again(self, world: World, first: str) -> None:
        made = propose(world)
        deeds: dict[str, Any] = {
            "accept": lambda: services.accept(world.user("coordinator"), made.pk),
            "decline": lambda: services.decline(world.user("coordinator"), made.pk, reason="no"),
            "withdraw": lambda: services.withdraw(world.user("liaison"), made.pk),
        }
        deeds[first]()
        entries = Entry.objects.count()
        for deed in deeds.values():
            with pytest.raises(AlreadyDecided):
                deed()
        assert Entry.objects.count() == entries


class TestPages:
    def post(self, world: World, who: str, url: str, key: str = "", **typed: str) -> Any:
        return world.client(who).post(url, typed | {"idempotency_key": key or str(uuid.uuid4())})

    def test_a_form_posted_twice_proposes_once(self, world: World) -> None:
        typed = {"what": "unit.office_phone", "value": NEW_PHONE, "reason": "moved", "key": str(uuid.uuid4())}
        first = self.post(world, "liaison", "/network/B/correct/", **typed)
        again = self.post(world, "liaison", "/network/B/correct/", **typed)
        assert first.status_code == again.status_code == 302
        assert first["Location"] == again["Location"] == Correction.objects.get().get_absolute_url()

    @pytest.mark.parametrize(
        ("what", "value", "sentence"),
        [
            ("unit.office_phone", "x", "This is not a phone number"),
            ("person.email:LEADER", "x", "This is not an e-mail address"),
            ("unit.address", "", "Write the correct value"),
            ("unit.name_zh", "财政局", "This is what the network says already"),
        ],
    )
    def test_each_error_stands_at_its_field(self, world: World, what: str, value: str, sentence: str) -> None:
        answer = self.post(world, "liaison", "/network/B/correct/", what=what, value=value, reason="moved")
        assert answer.status_code in (400, 422)
        assert sentence in str(answer.context["form"]["value"].errors)

    def test_a_person_of_another_unit_cannot_be_chosen(self, world: World) -> None:
        typed = {"what": "person.phone:OTHER_LEADER", "value": NEW_PHONE, "reason": "moved"}
        assert self.post(world, "liaison", "/network/B/correct/", **typed).status_code == 422

    def test_the_form_opens_at_what_the_card_names(self, world: World) -> None:
        shown = world.client("liaison").get("/network/B/correct/?of=unit.address").content.decode()
        assert '<option value="unit.address" selected>' in shown

    @pytest.mark.parametrize("verb", ["accept", "decline", "withdraw"])
    def test_a_decision_posted_twice_is_made_once(self, world: World, verb: str) -> None:
        made, who = propose(world), "liaison" if verb == "withdraw" else "coordinator"
        url, key = f"{made.get_absolute_url()}{verb}/", str(uuid.uuid4())
        for _time in range(2):
            assert self.post(world, who, url, key=key, reason="so")["Location"] == made.get_absolute_url()
        assert Entry.objects.filter(action__startswith="correction.").count() == 2
        assert self.post(world, who, url, reason="so").status_code == 409

    def test_a_changed_value_is_said_before_and_after_the_press(self, world: World) -> None:
        made = propose(world)
        Unit.objects.filter(code="B").update(office_phone="0539-5555555")
        assert (
            "The value has changed since" in world.client("coordinator").get(made.get_absolute_url()).content.decode()
        )
        answer = self.post(world, "coordinator", f"{made.get_absolute_url()}accept/")
        assert answer.status_code == 409
        assert "0539-5555555" in answer.content.decode()

    def test_the_queue_shows_what_waits_and_its_queries_do_not_grow(self, world: World) -> None:
        propose(world)
        few = count_queries(world.client("coordinator"), "/network/corrections/")
        for field in (Field.PERSON_PHONE, Field.PERSON_NAME_EN, Field.PERSON_NAME_ZH):
            for name in ("leader", "liaison"):
                propose(world, field=field, value="12345678", person=person(name))
        assert count_queries(world.client("coordinator"), "/network/corrections/") == few
        assert (
            b"7 corrections wait for your decision" in world.client("coordinator").get("/network/corrections/").content
        )

    def test_what_a_unit_proposes_is_not_known_elsewhere(self, world: World) -> None:
        made = propose(world)
        for who in ("other_leader", "staff", "auditor"):
            assert world.client(who).get(made.get_absolute_url()).status_code == 404
        assert world.client("leader").get(made.get_absolute_url()).status_code == 200
        town = User.objects.create_user("town_coordinator", PASSWORD)
        accounts.grant(None, user=town, role=Role.COORDINATOR, path=str(world.unit("T").path), reason="test")
        world.users["town_coordinator"] = town
        assert world.client("town_coordinator").get(made.get_absolute_url()).status_code == 404
