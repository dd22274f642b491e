"""Authentication-Results: what our server says counts, and nothing that a sender writes."""

from pathlib import Path

import pytest

from helpdesk import config
from helpdesk.ingest.origin import judge
from helpdesk.ingest.parse import parse
from helpdesk.ingest.values import Trust
from helpdesk.outbound.tokens import Tokens
from tests.conftest import settings_for
from tests.ingest.mails import mail

TOKENS = Tokens(b"k" * 32)
OURS = "mx.northmoor.nhs.uk"
V, U, F = Trust.VERIFIED, Trust.UNKNOWN, Trust.FAILED

# (the Authentication-Results of the mail, topmost first, trust in From: x@northmoor.nhs.uk)
ROWS = [
    ([], U),
    ([f"{OURS}; none"], U),
    ([f"{OURS}; dmarc=pass header.from=northmoor.nhs.uk"], V),
    ([f"{OURS} 1; dmarc=pass (p=reject dis=none) header.from=northmoor.nhs.uk"], V),
    ([f"(our gateway) {OURS.upper()}; DMARC=Pass header.from=Northmoor.nhs.uk"], V),
    ([f"{OURS}; dmarc=fail header.from=northmoor.nhs.uk"], F),
    # DMARC decides over a signature of another domain, and over one of ours.
    ([f"{OURS}; dkim=pass header.d=evil.example; dmarc=fail header.from=northmoor.nhs.uk"], F),
    ([f"{OURS}; dmarc=fail; dkim=pass header.d=northmoor.nhs.uk"], F),
    ([f"{OURS}; dmarc=none; spf=pass smtp.mailfrom=x@northmoor.nhs.uk"], V),
    ([f"{OURS}; dmarc=temperror"], U),
    # A pass for another From: two readers saw two senders.
    ([f"{OURS}; dmarc=pass header.from=evil.example"], F),
    # Without DMARC: what is aligned counts, what is not does not.
    ([f"{OURS}; dkim=pass header.d=northmoor.nhs.uk"], V),
    ([f"{OURS}; dkim=pass header.i=@mail.northmoor.nhs.uk"], V),
    ([f"{OURS}; dkim=pass header.d=evil.example"], U),
    ([f"{OURS}; dkim=pass header.d=othertrust.nhs.uk"], U),  # nhs.uk is a public suffix
    ([f"{OURS}; dkim=pass header.d=uk"], U),
    ([f"{OURS}; spf=pass smtp.mailfrom=evil.example"], U),
    ([f"{OURS}; spf=pass smtp.helo=northmoor.nhs.uk"], U),
    ([f"{OURS}; spf=fail smtp.mailfrom=x@northmoor.nhs.uk"], F),
    ([f"{OURS}; spf=softfail smtp.mailfrom=x@northmoor.nhs.uk"], U),
    ([f"{OURS}; spf=fail smtp.mailfrom=northmoor.nhs.uk; dkim=pass header.d=northmoor.nhs.uk"], V),
    ([f"{OURS}; dkim=fail header.d=northmoor.nhs.uk; spf=pass smtp.mailfrom=list.example"], F),
    ([f"{OURS}; dkim=fail; spf=none"], U),
    # Attacks
    (["evil.example; dmarc=pass header.from=northmoor.nhs.uk"], U),
    (["evil.example; dmarc=pass header.from=northmoor.nhs.uk", f"{OURS}; dmarc=fail"], F),
    ([f"{OURS}; dmarc=fail", f"{OURS}; dmarc=pass header.from=northmoor.nhs.uk"], F),
    ([f"{OURS}; spf=none", f"{OURS}; dmarc=pass header.from=northmoor.nhs.uk"], U),
    ([f"not{OURS}; dmarc=pass"], U),
    ([f"{OURS}.evil.example; dmarc=pass"], U),
    ([f"evil.example; x={OURS}; dmarc=pass"], U),
    ([f"({OURS}) evil.example; dmarc=pass"], U),
    ([f"evil.example ({OURS}; dmarc=pass)"], U),
    ([f"{OURS}; spf=fail (dmarc=pass) smtp.mailfrom=x@northmoor.nhs.uk"], F),
    ([f'{OURS}; spf=fail reason="; dmarc=pass" smtp.mailfrom=northmoor.nhs.uk'], F),
    ([f'{OURS}; spf=fail reason="=?utf-8?q?=22=3B_dmarc=3Dpass?=" smtp.mailfrom=northmoor.nhs.uk'], F),
    ([f"{OURS}; spf=fail smtp.mailfrom=northmoor.nhs.uk; xdmarc=pass"], F),
    ([f"{OURS}; dmarc=passed"], U),
    # What cannot be read says nothing.
    ([f"{OURS}; dmarc"], U),
    ([f"{OURS}; dmarc=pass (unclosed", f"{OURS}; dmarc=pass"], U),
    ([f"{OURS}; " + "(" * 5_000], U),
    ([f"{OURS}; dmarc=pass reason=" + "a" * 9_000], U),
    (["; dmarc=pass"], U),
]


@pytest.mark.parametrize(("results", "trust"), ROWS)
def test_how_far_from_can_be_believed(results: list[str], trust: Trust, settings: config.Settings) -> None:
    headers = "\n".join(f"Authentication-Results: {one}" for one in results)
    origin = judge(parse(mail(f"{headers}\nFrom: x@northmoor.nhs.uk")), settings, TOKENS)
    assert origin.trust is trust


def test_other_headers_of_that_kind_say_nothing(settings: config.Settings) -> None:
    headers = (
        f"ARC-Authentication-Results: i=1; {OURS}; dmarc=pass\nX-Authentication-Results: {OURS}; dmarc=pass\n"
        "Received-SPF: pass"
    )
    assert judge(parse(mail(headers)), settings, TOKENS).trust is U


def test_several_senders_are_never_verified(settings: config.Settings) -> None:
    headers = f"Authentication-Results: {OURS}; dmarc=pass\nFrom: x@northmoor.nhs.uk\nFrom: x@evil.example"
    assert judge(parse(mail(headers)), settings, TOKENS).trust is U


def test_without_a_sender_nothing_is_verified(settings: config.Settings) -> None:
    headers = f"Authentication-Results: {OURS}; dmarc=pass\nFrom: Undisclosed:;"
    assert judge(parse(mail(headers)), settings, TOKENS).trust is U


def test_without_a_trusted_server_nothing_is_believed(tmp_path: Path) -> None:
    nobody = settings_for(tmp_path, trust={"authserv_ids": []})
    origin = judge(parse(mail(f"Authentication-Results: {OURS}; dmarc=pass")), nobody, TOKENS)
    assert (origin.trust, origin.checked) == (U, False)


def test_exchange_s_own_words_are_read(tmp_path: Path) -> None:
    exchange = settings_for(tmp_path, trust={"authserv_ids": ["mx.microsoft.com"]})
    value = (
        "mx.microsoft.com 1; spf=pass (sender ip is 192.0.2.1) smtp.rcpttodomain=x.nhs.uk smtp.mailfrom=northmoor.nhs.uk; "
        "dmarc=pass (p=reject sp=none pct=100) action=none header.from=northmoor.nhs.uk; dkim=pass (signature was verified) "
        "header.d=northmoor.nhs.uk; arc=none"
    )
    assert judge(parse(mail(f"Authentication-Results: {value}")), exchange, TOKENS).trust is V
