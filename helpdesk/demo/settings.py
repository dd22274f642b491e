"""The demo's settings: an invented trust with two desks, and people who can sign in.

Addresses are under .example (RFC 2606), telephone numbers from Ofcom's ranges for drama.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from helpdesk.config import Settings, load
from helpdesk.demo.ports import Ports, read_ports
from helpdesk.models.people import Role

DOMAIN = "meadowbank.example"
AUTHSERV_ID = f"mx.{DOMAIN}"
FOLDER = Path("var/demo")
MAIL_USER = "helpdesk"
MAIL_PASSWORD = "demo"  # noqa: S105 (of the embedded servers, which listen on this machine only)


@dataclass(frozen=True)
class Person:
    """Someone who can sign in to the demo."""

    email: str
    name: str
    role: Role
    password: str


PEOPLE = (
    Person(f"asha.agent@{DOMAIN}", "Asha Verma", Role.AGENT, "demo-agent-1234"),
    Person(f"imogen.officer@{DOMAIN}", "Imogen Gale", Role.IG_OFFICER, "demo-officer-1234"),
    Person(f"adam.admin@{DOMAIN}", "Adam Minns", Role.ADMIN, "demo-admin-1234"),
)

IT_ADDRESS = f"servicedesk@{DOMAIN}"
RA_ADDRESS = f"ra.hr@{DOMAIN}"


def demo_settings(ports: Ports | None = None) -> Settings:
    """The settings of the demo on these ports, else on those of the demo that runs now.

    Environment variables stand over them, as over any settings. Raises SettingsError.
    """
    return load(None, **_values(ports or read_ports(data_folder())))


def data_folder() -> Path:
    return load(None, data_folder=FOLDER).data_folder


def _values(ports: Ports) -> dict[str, Any]:
    return {
        "demo": True,
        "organisation": "Meadowbank Health and Care (demo)",
        "data_folder": FOLDER,
        "desks": {
            "it": {
                "name": "IT Service Desk",
                "address": IT_ADDRESS,
                "phone": "0113 496 0100",
                "hours": "Monday to Friday, 8am to 6pm",
                "prefix": "IT",
                "self_service_url": f"https://intranet.{DOMAIN}/it-help",
            },
            "ra": {
                "name": "Registration Authority and HR",
                "address": RA_ADDRESS,
                "phone": "0113 496 0110",
                "hours": "Monday to Friday, 9am to 5pm",
                "prefix": "RA",
            },
        },
        "mailboxes": {
            "it": _mailbox("it", IT_ADDRESS, ports.imap),
            "ra": _mailbox("ra", RA_ADDRESS, ports.imap),
        },
        "smtp": _server(ports.smtp, MAIL_USER),
        "trust": {"authserv_ids": [AUTHSERV_ID], "own_domains": [DOMAIN]},
    }


def _mailbox(desk: str, address: str, port: int) -> dict[str, Any]:
    return {"desk": desk, "address": address, "poll_seconds": 5, **_server(port, address)}


def _server(port: int, user: str) -> dict[str, Any]:
    return {
        "host": "127.0.0.1",
        "port": port,
        "tls": "plaintext",  # the embedded servers are in this very process
        "user": user,
        "password": MAIL_PASSWORD,
        "timeout_seconds": 10,
    }
