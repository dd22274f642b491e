"""An S/MIME signature holds on the bytes that arrived, as openssl sees it; one that has ended costs no mail."""

import logging
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk.config import Settings
from helpdesk.jobs.watchdog import look_at_certificates
from helpdesk.outbound.deliver import deliver_due
from helpdesk.outbound.render import render
from helpdesk.outbound.signing import signers, smime
from helpdesk.outbound.signing.signers import check_signing, sign, warnings
from helpdesk.services import Services
from tests.outbound.conftest import sending_to
from tests.outbound.keys import Authority, openssl
from tests.outbound.samples import queue
from tests.outbound.signed import (
    DESK,
    holds,
    queue_awkward,
    signed,
    verified,
    with_dkim,
    with_smime,
)
from tests.outbound.test_render import a_mail
from tests.support.smtp import SmtpServer


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


def test_a_certificate_that_ends_soon_is_told_without_anybody_asking(
    sqlite_services: Services, authority: Authority, smime_key: Path, caplog: pytest.LogCaptureFixture
) -> None:
    certificate = authority.certificate(smime_key, DESK, days=5, name="soon")
    services = replace(sqlite_services, settings=with_smime(sqlite_services.settings, certificate, smime_key))
    with caplog.at_level(logging.WARNING):
        assert look_at_certificates(services) == {"warnings": 1}
    assert "desks.it.smime ends on" in caplog.text
