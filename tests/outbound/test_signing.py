"""What goes out is signed as the settings want, and the signatures hold on the bytes that arrived."""

import base64
import types
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import dkim
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from helpdesk.config import Settings, SettingsError
from helpdesk.db import writing
from helpdesk.outbound.compose import compose_agent_reply
from helpdesk.outbound.deliver import deliver_due
from helpdesk.outbound.enqueue import enqueue
from helpdesk.outbound.render import render
from helpdesk.outbound.signing import signers, smime
from helpdesk.outbound.signing.keys import SigningError
from helpdesk.outbound.signing.signers import check_signing, sign, warnings
from helpdesk.services import Services
from tests.conftest import settings_for
from tests.outbound.conftest import sending_to
from tests.outbound.keys import Authority, a_key, an_authority, openssl, public_der
from tests.outbound.samples import NURSE, a_ticket, outbox, queue, states
from tests.outbound.test_render import WHEN, a_mail
from tests.support.smtp import SmtpServer

DESK = "servicedesk@northmoor.nhs.uk"
DOMAIN = "northmoor.nhs.uk"
AWKWARD = (
    ".a line that begins with a dot\n..and two\n.\nÅse writes of 5 µg — “quoted”\n"
    + "long " * 400
    + "\n"
    + "x" * 3000
    + "\ntrailing space \t\nFrom the beginning\n\n\n"
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys")


@pytest.fixture(scope="session")
def rsa_key(folder: Path) -> Path:
    return a_key(folder / "rsa.pem")


@pytest.fixture(scope="session")
def ed25519_key(folder: Path) -> Path:
    return a_key(folder / "ed25519.pem", "ED25519")


@pytest.fixture(scope="session")
def authority(folder: Path) -> Authority:
    return an_authority(folder)


def with_dkim(settings: Settings, key: Path, domain: str = DOMAIN) -> Settings:
    made = settings_for(
        settings.data_folder, outbound={"dkim": {"domain": domain, "selector": "desk", "key_file": key}}
    )
    return settings.model_copy(update={"outbound": made.outbound})


def with_smime(settings: Settings, certificate: Path, key: Path) -> Settings:
    from helpdesk.config_outbound import Smime

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


@pytest.fixture(scope="session", params=["RSA", "EC"])
def smime_key(request: pytest.FixtureRequest, folder: Path) -> Path:
    return a_key(folder / f"smime-{request.param}.pem", request.param)


def verified(content: bytes, authority: Authority, tmp_path: Path) -> bytes:
    """What openssl says was signed; it fails when the signature does not hold."""
    mail, signer = tmp_path / "mail.eml", tmp_path / "signer.pem"
    mail.write_bytes(content)
    done = openssl("cms", "-verify", "-in", mail, "-CAfile", authority.root, "-signer", signer, check=False)
    assert done.returncode == 0, done.stderr
    again = openssl("smime", "-verify", "-in", mail, "-CAfile", authority.root, check=False)
    assert again.returncode == 0, again.stderr
    return done.stdout


def test_an_smime_signature_holds_on_the_bytes_that_the_server_took(
    sqlite_services: Services,
    smtp: SmtpServer,
    authority: Authority,
    smime_key: Path,
    rsa_key: Path,
    tmp_path: Path,
) -> None:
    certificate = authority.certificate(smime_key, DESK)
    settings = with_smime(with_dkim(sqlite_services.settings, rsa_key), certificate, smime_key)
    services = sending_to(replace(sqlite_services, settings=settings), smtp)
    queue_awkward(services)
    queue(services, "porter@ward.example")
    assert deliver_due(services).sent == 2
    for taken in smtp.taken:
        inner = verified(taken.content, authority, tmp_path)
        assert inner.startswith(b"Content-Type: multipart/alternative")
        assert holds(taken.content, rsa_key)
        message = taken.message
        assert message.get_content_type() == "multipart/signed"
        assert message.get_param("micalg") == "sha-256"
        words, signature = message.iter_parts()
        assert signature.get_content_type() == "application/pkcs7-signature"
        assert [part.get_content_type() for part in words.iter_parts()] == ["text/plain", "text/html"]
        assert message["Subject"]


def test_a_changed_mail_breaks_the_smime_signature(
    settings: Settings, authority: Authority, smime_key: Path, tmp_path: Path
) -> None:
    content = signed(with_smime(settings, authority.certificate(smime_key, DESK), smime_key))
    (tmp_path / "mail.eml").write_bytes(content.replace(b"Hello,", b"Hallo,"))
    done = openssl("cms", "-verify", "-in", tmp_path / "mail.eml", "-CAfile", authority.root, check=False)
    assert done.returncode != 0


def test_another_desks_mail_is_not_signed_as_this_one(
    settings: Settings, authority: Authority, smime_key: Path
) -> None:
    wanted = with_smime(settings, authority.certificate(smime_key, DESK), smime_key)
    row = a_mail(from_address="hr@northmoor.nhs.uk", desk="hr")
    assert sign(render(row), wanted, "hr", row.from_address, row.created_at) == render(row)


def test_a_certificate_that_ended_stops_no_mail_and_is_told(
    settings: Settings, authority: Authority, smime_key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted = with_smime(settings, authority.certificate(smime_key, DESK, days=40, name="short"), smime_key)
    at = signers.now()
    assert warnings(wanted) == []
    for days, says in ((20, "ends on"), (50, "ended on")):
        for module in (signers, smime):
            monkeypatch.setattr(module, "now", lambda days=days: at + timedelta(days=days))
        (sentence,) = warnings(wanted)
        assert says in sentence
        assert "desks.it.smime" in sentence
    assert b"multipart/signed" not in signed(wanted)
    check_signing(wanted)


Break = Callable[[Path, Authority], Settings]


def faulty(settings: Settings, authority: Authority, folder: Path) -> dict[str, Settings]:
    """Settings by what is wrong with them."""
    open_to_all = a_key(folder / "open.pem")
    open_to_all.chmod(0o640)
    text = folder / "text.pem"
    text.write_text("not a key")
    text.chmod(0o600)
    locked = folder / "locked.pem"
    openssl("genpkey", "-algorithm", "ED25519", "-aes256", "-pass", "pass:x", "-out", locked)
    locked.chmod(0o600)
    good, other = a_key(folder / "good.pem"), a_key(folder / "other.pem")
    mine = authority.certificate(good, DESK)
    of_web = authority.certificate(a_key(folder / "web.pem"), DESK, use="serverAuth")
    theirs = authority.certificate(a_key(folder / "theirs.pem"), "someone@else.example")
    return {
        "chmod 600": with_dkim(settings, open_to_all),
        "no private key": with_dkim(settings, text),
        "cannot be read": with_dkim(settings, folder / "gone.pem"),
        "passphrase": with_dkim(settings, locked),
        "1024 bits": with_dkim(settings, a_key(folder / "weak.pem", bits=1024)),
        "an RSA or an Ed25519 key": with_dkim(settings, a_key(folder / "ec.pem", "EC")),
        "is not that of the first certificate": with_smime(settings, mine, other),
        "is not for servicedesk@northmoor.nhs.uk": with_smime(settings, theirs, folder / "theirs.pem"),
        "not for signing mail": with_smime(settings, of_web, folder / "web.pem"),
        "no certificate in PEM": with_smime(settings, text, good),
    }  # fmt: skip


def test_a_key_or_certificate_that_cannot_be_used_is_named(
    settings: Settings, authority: Authority, tmp_path: Path
) -> None:
    for says, wrong in faulty(settings, authority, tmp_path).items():
        with pytest.raises(SigningError) as caught:
            check_signing(wrong)
        assert says in str(caught.value)
        assert "PRIVATE" not in str(caught.value)
        assert "dkim.key_file" in str(caught.value) or "desks.it.smime" in str(caught.value)


def test_all_faults_are_told_at_once(settings: Settings, tmp_path: Path) -> None:
    wrong = with_smime(with_dkim(settings, tmp_path / "a"), tmp_path / "b", tmp_path / "c")
    with pytest.raises(SigningError) as caught:
        check_signing(wrong)
    assert len(str(caught.value).splitlines()) == 2


def test_a_mail_that_cannot_be_signed_waits(
    sqlite_services: Services, smtp: SmtpServer, tmp_path: Path
) -> None:
    settings = with_dkim(sqlite_services.settings, tmp_path / "gone.pem")
    services = sending_to(replace(sqlite_services, settings=settings), smtp)
    queue(services, NURSE)
    assert "dkim.key_file" in deliver_due(services).server_error
    assert states(services) == {NURSE: "queued"}
    assert outbox(services)[NURSE].tries == 0
    assert smtp.taken == []


def test_a_desk_that_the_key_leaves_out_is_told(settings: Settings, rsa_key: Path) -> None:
    left_out = warnings(with_dkim(settings, rsa_key, "elsewhere.example"))
    assert [sentence.split()[3] for sentence in left_out] == ["desks.it", "desks.hr"]


def test_no_key_is_in_a_repr(
    settings: Settings, rsa_key: Path, authority: Authority, smime_key: Path
) -> None:
    wanted = with_smime(settings, authority.certificate(smime_key, DESK), smime_key)
    assert "Private" not in repr(signers.smime_signer("it", wanted.desks["it"]))
    assert "Private" not in repr(signers._dkim("x", with_dkim(settings, rsa_key).outbound.dkim))


@pytest.mark.parametrize("sender", ["", "notices@northmoor.nhs.uk"])
def test_the_envelope_of_automatic_mails_is_the_null_path_or_the_address_that_is_set(
    sqlite_services: Services, smtp: SmtpServer, sender: str
) -> None:
    made = sqlite_services.settings.outbound.model_copy(update={"automatic_sender": sender})
    settings = sqlite_services.settings.model_copy(update={"outbound": made})
    services = sending_to(replace(sqlite_services, settings=settings), smtp)
    queue(services, "porter@ward.example")
    queue_awkward(services)
    assert deliver_due(services).sent == 2
    assert [taken.mail_from for taken in smtp.taken] == [sender or "<>", DESK]
