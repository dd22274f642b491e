"""The doctor says of each mailbox who checks its senders, or that nobody does."""

from pathlib import Path

from helpdesk.cli.checks.senders import senders
from helpdesk.cli.checks.values import Level
from tests.conftest import settings_for
from tests.support.dns_server import Zone, serving

BOX = {"desk": "it", "address": "servicedesk@northmoor.nhs.uk", "host": "127.0.0.1", "tls": "plaintext"}


def said(folder: Path, box: dict[str, str], **trust: object) -> dict[str, tuple[Level, str]]:
    settings = settings_for(folder, mailboxes={"it": {**BOX, **box}}, trust=trust)
    return {one.subject: (one.level, one.sentence) for one in senders(settings)}


def test_nobody_is_a_warning(tmp_path: Path) -> None:
    level, sentence = said(tmp_path, {})["senders of it"]
    assert level is Level.WARNING
    assert "every sender is unproved" in sentence


def test_the_gateway_exchange_and_ourselves_are_told_apart(tmp_path: Path) -> None:
    level, sentence = said(tmp_path, {}, authserv_ids=["mx.northmoor.nhs.uk"])["senders of it"]
    assert (level, sentence) == (Level.OK, "What mx.northmoor.nhs.uk says of them counts.")
    level, sentence = said(tmp_path, {"sender_checks": "exchange_online"})["senders of it"]
    assert (level, sentence) == (Level.OK, "What Exchange Online wrote on top of a mail counts.")
    with serving(Zone()) as address:
        trust = {"relays": ["mx.northmoor.nhs.uk"], "dns": {"nameservers": [address]}}
        found = said(tmp_path, {"sender_checks": "ourselves"}, **trust)
    assert found["senders of it"] == (Level.OK, "SPF, DKIM and DMARC are checked here.")
    assert found["dns"][0] is Level.OK


def test_checks_that_miss_something_say_so(tmp_path: Path) -> None:
    trust = {"sender_checks": "ourselves", "relays": ["10.0.0.0/8"], "dns": {"nameservers": ["127.0.0.1:9"], "seconds": 0.5}}  # fmt: skip
    found = said(tmp_path, {}, **trust)
    assert found["senders of it"][0] is Level.WARNING
    assert "trust.relays" in found["senders of it"][1]
    assert found["dns"][0] is Level.FAULT
