"""Settings that sign, mails that are signed, and what checks them."""

import base64
from pathlib import Path

import dkim

from helpdesk.config import Settings
from helpdesk.config_outbound import Smime
from helpdesk.db import writing
from helpdesk.outbound.compose import compose_agent_reply
from helpdesk.outbound.enqueue import enqueue
from helpdesk.outbound.render import render
from helpdesk.outbound.signing.signers import sign
from helpdesk.services import Services
from tests.conftest import settings_for
from tests.outbound.keys import Authority, openssl, public_der
from tests.outbound.samples import a_ticket
from tests.outbound.test_render import a_mail

DESK = "servicedesk@northmoor.nhs.uk"
DOMAIN = "northmoor.nhs.uk"
AWKWARD = (
    ".a line that begins with a dot\n..and two\n.\nÅse writes of 5 µg — “quoted”\n"
    + "long " * 400
    + "\n"
    + "x" * 3000
    + "\ntrailing space \t\nFrom the beginning\n\n\n"
)


def with_dkim(settings: Settings, key: Path, domain: str = DOMAIN) -> Settings:
    made = settings_for(
        settings.data_folder, outbound={"dkim": {"domain": domain, "selector": "desk", "key_file": key}}
    )
    return settings.model_copy(update={"outbound": made.outbound})


def with_smime(settings: Settings, certificate: Path, key: Path) -> Settings:
    desk = settings.desks["it"].model_copy(
        update={"smime": Smime(certificate_file=certificate, key_file=key)}
    )
    return settings.model_copy(update={"desks": {**settings.desks, "it": desk}})


def record_of(key: Path) -> bytes:
    """The TXT record of the key's public half (RFC 6376 section 3.6.1, RFC 8463 section 4)."""
    der = public_der(key)
    if len(der) > 100:
        return b"v=DKIM1; k=rsa; p=" + base64.b64encode(der)
    return b"v=DKIM1; k=ed25519; p=" + base64.b64encode(der[-32:])


def holds(content: bytes, key: Path) -> bool:
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return record_of(key)

    found = dkim.verify(content, dnsfunc=dns)
    assert asked in ([], [f"desk._domainkey.{DOMAIN}.".encode()])
    return bool(found)


def signed(settings: Settings, **mail: object) -> bytes:
    row = a_mail(from_address=DESK, **mail)
    return sign(render(row), settings, "it", row.from_address, row.created_at)


def queue_awkward(services: Services) -> None:
    with writing(services.sessions) as session:
        ticket = a_ticket(session)
        draft = compose_agent_reply(
            settings=services.settings, tokens=services.tokens, ticket=ticket, text=AWKWARD
        )
        enqueue(session, services.settings, draft)


def verified(content: bytes, authority: Authority, tmp_path: Path) -> bytes:
    """What openssl says was signed; it fails when the signature does not hold."""
    mail, signer = tmp_path / "mail.eml", tmp_path / "signer.pem"
    mail.write_bytes(content)
    done = openssl("cms", "-verify", "-in", mail, "-CAfile", authority.root, "-signer", signer, check=False)
    assert done.returncode == 0, done.stderr
    again = openssl("smime", "-verify", "-in", mail, "-CAfile", authority.root, check=False)
    assert again.returncode == 0, again.stderr
    return done.stdout
