"""Passwords by profile: NIST SP 800-63B, or MLPS 2.0 level 3."""

import hashlib
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from portal.accounts.breached import is_breached
from portal.accounts.checks import breached_passwords_file, second_factor_key
from portal.accounts.models import User
from portal.accounts.records import PasswordHistory
from portal.workdays import clock
from tests.world import PASSWORD, World


@pytest.fixture
def mlps2(settings: Any) -> None:
    settings.AUTH_PASSWORD_VALIDATORS = settings.PASSWORD_PROFILES["mlps2"]
    settings.PASSWORD_ROTATION_DAYS = 90


def codes(password: str, user: User | None = None) -> set[str]:
    """What is wrong with a password."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        return {str(one.code) for one in error.error_list}
    return set()


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode()).hexdigest().upper()


@pytest.fixture
def breached(settings: Any, tmp_path: Path) -> Path:
    """A list of a thousand passwords as it is downloaded: sorted, with counts."""
    file = tmp_path / "breached.txt"
    lines = sorted(f"{sha1(f'breached password {n}')}:{n}" for n in range(1000))
    file.write_text("\r\n".join(lines) + "\r\n")
    settings.BREACHED_PASSWORDS_FILE = str(file)
    return file


@pytest.mark.parametrize(
    "password", ["correct horse battery", "123498760123487", "aaaaaabbbbbbcccccc", "青石区预防职务犯罪门户网站"]
)
def test_nist_asks_for_length_and_no_composition(password: str) -> None:
    assert codes(password) == set()


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short pass", "password_too_short"),
        ("qwerty123456", "password_too_common"),
        ("xu.zhixin@example", "password_too_similar"),
    ],
)
def test_nist_refuses_the_short_the_common_and_what_names_the_person(password: str, code: str) -> None:
    user = User(username="xu.zhixin", email="xu.zhixin@example.org", name_en="Xu Zhixin")
    assert code in codes(password, user)


def test_a_breached_password_is_refused_and_others_are_not(breached: Path) -> None:
    for number in (0, 1, 499, 998, 999):
        assert codes(f"breached password {number}") == {"password_breached"}
    assert codes("breached password 1000") == set()


@pytest.mark.parametrize("digits", [16, 20, 40])
@pytest.mark.parametrize("end", ["\n", ""])
def test_the_list_is_searched_whole_whatever_the_length_of_its_lines(tmp_path: Path, digits: int, end: str) -> None:
    file, known = tmp_path / "list", [f"known {n}" for n in range(200)]
    file.write_text("\n".join(sorted(sha1(one)[:digits].lower() for one in known)) + end)
    assert all(is_breached(one, str(file)) for one in known)
    assert not any(is_breached(f"unknown {n}", str(file)) for n in range(200))


def test_an_empty_list_knows_nothing(tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.touch()
    assert not is_breached("anything", str(file))


def test_a_list_that_is_none_and_a_short_key_stop_the_start_by_name(settings: Any, tmp_path: Path) -> None:
    assert breached_passwords_file(None) == second_factor_key(None) == []
    settings.BREACHED_PASSWORDS_FILE = str(tmp_path / "missing")
    assert breached_passwords_file(None)[0].id == "accounts.E001"
    (tmp_path / "words").write_text("password\n123456\n")
    settings.BREACHED_PASSWORDS_FILE = str(tmp_path / "words")
    assert "hash" in breached_passwords_file(None)[0].msg
    settings.SECOND_FACTOR_KEY = ["short"]
    assert second_factor_key(None)[0].id == "accounts.E002"


@pytest.mark.parametrize("password", ["Abcd7xyz", "abcd7xy!", "ABCD7XY!", "Grüße77x"])
def test_mlps_takes_three_of_four_kinds_from_eight_characters_on(mlps2: None, password: str) -> None:
    assert codes(password) == set()


@pytest.mark.parametrize(
    ("password", "code"),
    [("Ab7!xyz", "password_too_short"), ("abcdwxyz77", "password_composition"), ("ABCDwxyzQ", "password_composition")],
)
def test_mlps_refuses_the_short_and_the_plain(mlps2: None, password: str, code: str) -> None:
    assert code in codes(password)


def change(client: Client, old: str, new: str) -> bool:
    # Five changes a minute are enough for people.
    cache.clear()
    answer = client.post("/password/change/", {"oldpassword": old, "password1": new, "password2": new})
    return answer.status_code == 302


def test_mlps_refuses_the_last_five_and_takes_the_sixth_again(world: World, mlps2: None) -> None:
    client = world.client("leader")
    User.objects.get(username="leader").former_passwords.all().delete()
    used = [PASSWORD, *(f"Password-no-{n}" for n in range(6))]
    for old, new in pairwise(used):
        assert change(client, old, new)
        assert not change(client, new, old), "the one before"
    assert PasswordHistory.objects.filter(user__username="leader").count() == 5
    assert not change(client, used[-1], used[-5])
    assert change(client, used[-1], used[-6])


def test_mlps_asks_for_a_new_password_after_ninety_days(world: World, mlps2: None) -> None:
    def first_page() -> str:
        client = Client()
        client.post("/sign-in/", {"login": "leader", "password": PASSWORD})
        answer = client.get("/my/")
        return answer.headers.get("Location", "")

    user = world.user("leader")
    user.set_password(PASSWORD)
    user.save()
    with clock.frozen(clock.now() + timedelta(days=89)):
        assert first_page() == ""
    with clock.frozen(clock.now() + timedelta(days=91)):
        assert first_page() == "/password/change/"


def test_nist_never_asks_for_a_new_one_and_keeps_no_old_ones(world: World) -> None:
    assert change(world.client("leader"), PASSWORD, "quite another password")
    assert not PasswordHistory.objects.exists()
    with clock.frozen(clock.now() + timedelta(days=4000)):
        client = Client()
        client.post("/sign-in/", {"login": "leader", "password": "quite another password"})
        assert client.get("/my/").status_code == 200


def test_the_page_of_change_shows_the_rules_in_force(world: World, mlps2: None, breached: Path) -> None:
    text = world.client("leader").get("/password/change/").content.decode()
    for part in ("At least 8 characters", "at least 3 of these kinds", "last 5 passwords", "known from a breach"):
        assert part in text


def test_each_rule_speaks_both_languages(mlps2: None, breached: Path) -> None:
    with translation.override("en"):
        english = password_validators_help_texts()
    with translation.override("zh-hans"):
        chinese = password_validators_help_texts()
    assert len(english) == len(chinese) == 6
    assert all(any(ord(sign) > 0x4E00 for sign in text) for text in chinese if text not in english)
