"""Keys and certificates are checked before the start, never shown, and a mail that cannot be signed waits."""

from dataclasses import replace
from pathlib import Path

import pytest

from helpdesk.config import Settings
from helpdesk.outbound.deliver import deliver_due
from helpdesk.outbound.signing import signers
from helpdesk.outbound.signing.keys import SigningError
from helpdesk.outbound.signing.signers import check_signing, warnings
from helpdesk.services import Services
from tests.outbound.conftest import sending_to
from tests.outbound.keys import Authority, a_key, openssl
from tests.outbound.samples import NURSE, outbox, queue, states
from tests.outbound.signed import (
    DESK,
    queue_awkward,
    with_dkim,
    with_smime,
)
from tests.support.smtp import SmtpServer


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
