"""TLS is verified and never given up; the sign-in goes only where it is meant to go."""

import ssl
from pathlib import Path

import pytest
from pydantic import SecretStr

from helpdesk.config import Server
from helpdesk.outbound.connection import MailServerDown, connect, say_goodbye
from tests.support.authority import make_certificates
from tests.support.smtp import SmtpServer

PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[ssl.SSLContext, Path]:
    """(what the server needs, the file that a client must trust)."""
    made = make_certificates(tmp_path_factory.mktemp("authority"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(made.server, made.key)
    return context, made.authority


Authority = tuple[ssl.SSLContext, Path]


def set_to(smtp: SmtpServer, **over: object) -> Server:
    return Server(**{"host": smtp.host, "port": smtp.port, "timeout_seconds": 5, **over})  # type: ignore[arg-type]


def refusal(server: Server) -> str:
    with pytest.raises(MailServerDown) as caught:
        connect(server)
    return str(caught.value)


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_server_with_a_trusted_certificate_is_used(authority: Authority, tls: str) -> None:
    context, trusted = authority
    with SmtpServer(**{tls: context}) as smtp:
        connection = connect(set_to(smtp, tls=tls, ca_file=trusted))
        assert connection.sock.version().startswith("TLS")  # type: ignore[union-attr]
        say_goodbye(connection)


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_certificate_that_nobody_vouches_for_is_refused(authority: Authority, tls: str) -> None:
    context, _ = authority
    with SmtpServer(**{tls: context}) as smtp:
        said = refusal(set_to(smtp, tls=tls))
    assert "certificate" in said
    assert "smtp.ca_file" in said


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_a_certificate_of_another_host_is_refused(authority: Authority, tls: str) -> None:
    context, trusted = authority
    with SmtpServer(host="127.0.0.2", **{tls: context}) as smtp:
        assert "certificate" in refusal(set_to(smtp, tls=tls, ca_file=trusted))


def test_without_starttls_nothing_goes_in_the_clear(smtp: SmtpServer) -> None:
    assert "STARTTLS" in refusal(set_to(smtp, tls="starttls", user="desk", password=SecretStr(PASSWORD)))
    assert smtp.taken == []


def test_a_server_that_speaks_no_tls_is_refused(smtp: SmtpServer) -> None:
    assert "TLS" in refusal(set_to(smtp, tls="tls"))


def test_the_right_password_signs_in() -> None:
    with SmtpServer(sign_in=("desk", PASSWORD)) as smtp:
        say_goodbye(connect(set_to(smtp, tls="plaintext", user="desk", password=SecretStr(PASSWORD))))


def test_the_wrong_password_is_a_sentence_without_it() -> None:
    with SmtpServer(sign_in=("desk", PASSWORD)) as smtp:
        said = refusal(set_to(smtp, tls="plaintext", user="desk", password=SecretStr("wrong one")))
    assert "smtp.password" in said
    assert "wrong one" not in said


def test_a_missing_file_of_certificates_is_named(smtp: SmtpServer, tmp_path: Path) -> None:
    assert "gone.pem" in refusal(set_to(smtp, tls="tls", ca_file=tmp_path / "gone.pem"))


def test_a_host_that_does_not_exist_is_named() -> None:
    said = refusal(Server(host="no-such-host.invalid", tls="plaintext", timeout_seconds=5))
    assert "no-such-host.invalid:25" in said
