"""A DKIM signature holds on the bytes that arrived, breaks with each change, and is the same at each try."""

import base64
import types
from dataclasses import replace
from pathlib import Path

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from helpdesk.config import Settings, SettingsError
from helpdesk.outbound.deliver import deliver_due
from helpdesk.services import Services
from tests.conftest import settings_for
from tests.outbound.conftest import sending_to
from tests.outbound.keys import a_key
from tests.outbound.samples import queue
from tests.outbound.signed import (
    DESK,
    DOMAIN,
    holds,
    queue_awkward,
    signed,
    with_dkim,
)
from tests.outbound.test_render import WHEN
from tests.support.smtp import SmtpServer


@pytest.fixture
def _knows_ed25519(monkeypatch: pytest.MonkeyPatch) -> None:
    """dkimpy checks Ed25519 with PyNaCl, which nothing else here needs: the same sums from cryptography."""

    class BadSignatureError(Exception):
        pass

    class VerifyKey:
        def __init__(self, text: bytes, encoder: object) -> None:  # noqa: ARG002 (as PyNaCl has it)
            self.key = Ed25519PublicKey.from_public_bytes(base64.b64decode(text))

        def verify(self, message: bytes, signature: bytes) -> bytes:
            try:
                self.key.verify(signature, message)
            except InvalidSignature:
                raise BadSignatureError from None
            return message

    shim = types.SimpleNamespace(
        signing=types.SimpleNamespace(VerifyKey=VerifyKey),
        encoding=types.SimpleNamespace(Base64Encoder=None),
        exceptions=types.SimpleNamespace(BadSignatureError=BadSignatureError, ValueError=ValueError),
    )
    monkeypatch.setattr(dkim, "nacl", shim, raising=False)


Kinds = [pytest.param("rsa_key", id="rsa"), pytest.param("ed25519_key", id="ed25519")]


@pytest.mark.usefixtures("_knows_ed25519")
@pytest.mark.parametrize("kind", Kinds)
def test_a_dkim_signature_holds_on_the_bytes_that_the_server_took(
    sqlite_services: Services, smtp: SmtpServer, kind: str, request: pytest.FixtureRequest
) -> None:
    key = request.getfixturevalue(kind)
    services = sending_to(replace(sqlite_services, settings=with_dkim(sqlite_services.settings, key)), smtp)
    queue_awkward(services)
    queue(services, "porter@ward.example")
    assert deliver_due(services).sent == 2
    for taken in smtp.taken:
        assert taken.content.startswith(b"DKIM-Signature:")
        assert holds(taken.content, key)


CHANGES = [
    (b"Subject: ", b"Subject: not "),
    (b"Hello", b"Hallo"),
    (b"To: nurse", b"To: another"),
    (b"Message-ID: <it", b"Message-ID: <hr"),
    (b"References: <x", b"References: <y"),
    (b"In-Reply-To: <x", b"In-Reply-To: <y"),
    (b"Date: Tue, 04 Mar", b"Date: Tue, 05 Mar"),
    (b"multipart/alternative", b"multipart/related"),
    (b"Auto-Submitted: auto-replied", b"Auto-Submitted: no"),
    (b"From: ", b"From: evil@example.org\r\nFrom: "),
    (b"Subject: ", b"Subject: evil\r\nSubject: "),
    (b"To: ", b"Cc: evil@example.org\r\nTo: "),
]


@pytest.mark.parametrize(
    ("was", "becomes"), CHANGES, ids=[str(was[:12]) + str(n) for n, (was, _) in enumerate(CHANGES)]
)
def test_a_change_breaks_it(settings: Settings, rsa_key: Path, was: bytes, becomes: bytes) -> None:
    content = signed(with_dkim(settings, rsa_key))
    assert holds(content, rsa_key)
    start = content.index(b"Date: ")  # past the signature, which names headers too
    assert was in content[start:]
    assert not holds(content[:start] + content[start:].replace(was, becomes, 1), rsa_key)


def test_what_a_relay_may_do_does_not_break_it(settings: Settings, rsa_key: Path) -> None:
    content = signed(with_dkim(settings, rsa_key))
    folded = content.replace(b"Subject: Hello", b"SUBJECT:  Hello ").replace(b"Hello,\r\n", b"Hello,  \r\n")
    assert folded != content
    assert holds(b"Received: from us\r\n" + folded + b"\r\n\r\n", rsa_key)


def test_two_tries_give_the_same_bytes(settings: Settings, rsa_key: Path) -> None:
    wanted = with_dkim(settings, rsa_key)
    assert signed(wanted) == signed(wanted)
    assert f"t={int(WHEN.timestamp())};".encode() in signed(wanted)


def test_no_line_of_a_signature_is_long(settings: Settings, rsa_key: Path) -> None:
    head = signed(with_dkim(settings, rsa_key)).partition(b"Date:")[0]
    assert max(map(len, head.split(b"\r\n"))) <= 90


def test_mail_of_another_domain_is_not_signed_with_our_key(settings: Settings, rsa_key: Path) -> None:
    assert not signed(with_dkim(settings, rsa_key, "elsewhere.example")).startswith(b"DKIM")


def test_a_desks_own_key_goes_before_the_common_one(settings: Settings, rsa_key: Path, folder: Path) -> None:
    from helpdesk.config_outbound import Dkim

    own = a_key(folder / "own.pem")
    wanted = with_dkim(settings, rsa_key)
    desk = wanted.desks["it"].model_copy(update={"dkim": Dkim(domain=DOMAIN, selector="desk", key_file=own)})
    content = signed(wanted.model_copy(update={"desks": {"it": desk}}))
    assert holds(content, own)
    assert not holds(content, rsa_key)


def test_a_desks_key_must_be_for_the_domain_of_its_address(tmp_path: Path) -> None:
    desks = {
        "it": {"name": "IT", "address": DESK, "prefix": "IT",
               "dkim": {"domain": "elsewhere.example", "selector": "s", "key_file": "x"}}
    }  # fmt: skip
    with pytest.raises(SettingsError, match=r"desks\.it.*DMARC"):
        settings_for(tmp_path, desks=desks, mailboxes={})
