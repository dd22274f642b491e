"""Nothing of the demo runs outside demo mode, and nothing of it is real."""

import re
import subprocess
import sys
from dataclasses import astuple

import pytest

from helpdesk import config
from helpdesk.demo import letters, seed
from helpdesk.demo.ports import Ports
from helpdesk.demo.settings import PEOPLE, demo_settings
from helpdesk.models.people import Role
from helpdesk.web.auth.passwords import fault_of

MAILS = [*seed.FIRST_MAILS.values(), letters.REQUEST, letters.WITH_PATIENT_DATA, letters.APPLICATION]


def test_the_demos_settings_are_the_demos_and_listen_on_this_machine_only() -> None:
    settings = demo_settings(Ports(5, 6))
    assert settings.demo
    assert settings.web.host == "127.0.0.1"
    assert settings.smtp
    servers = [settings.smtp, *settings.mailboxes.values()]
    assert {(server.host, server.port) for server in servers} == {("127.0.0.1", 5), ("127.0.0.1", 6)}


def test_environment_variables_stand_over_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HELPDESK_WEB__PORT", "8123")
    monkeypatch.setenv("HELPDESK_DATA_FOLDER", "/somewhere/else")
    settings = demo_settings()
    assert (settings.web.port, str(settings.data_folder)) == (8123, "/somewhere/else")
    assert len(settings.desks) == 2


def test_settings_of_an_operator_are_not_the_demos() -> None:
    assert config.load(None).demo is False


def test_the_service_imports_nothing_of_the_demo() -> None:
    code = "import sys, helpdesk.web, helpdesk.jobs.service; print([m for m in sys.modules if m.startswith('helpdesk.demo')])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_there_is_one_person_of_each_role_with_a_fit_password() -> None:
    assert {person.role for person in PEOPLE} == set(Role)
    assert [fault_of(person.password, person.email) for person in PEOPLE] == ["", "", ""]


@pytest.mark.parametrize("mail", MAILS, ids=range(len(MAILS)))
def test_addresses_numbers_and_postcodes_in_the_letters_belong_to_nobody(mail: object) -> None:
    """Safe ranges: .example (RFC 2606), Ofcom's numbers for drama, ZZ99, 999 NHS numbers, the QQ prefix."""
    words = " ".join(str(part) for part in astuple(mail)) + letters.REFERRAL + letters.CV  # type: ignore[call-overload]
    assert all(address.endswith(".example") for address in re.findall(r"[\w.+-]+@([\w.-]+\w)", words))
    assert all(
        re.match(r"011[3-8] 496 0|07700 900", number)
        for number in re.findall(r"\b0\d{3,4} \d{3}[ \d]+\d", words)
    )
    assert all(code.startswith("ZZ99") for code in re.findall(r"\b[A-Z]{1,2}\d{1,2} \d[A-Z]{2}\b", words))
    assert all(number.startswith("999") for number in re.findall(r"\b\d{3} \d{3} \d{4}\b", words))
