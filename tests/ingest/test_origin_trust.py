"""Authentication-Results: what our server says counts, and nothing that a sender writes."""

from pathlib import Path

import pytest

from helpdesk import config
from helpdesk.ingest.authenticity.values import Authenticity, Word
from helpdesk.ingest.origin import judge
from helpdesk.ingest.origin_trust import is_ours_to_check
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
    ([f"{OURS}; dmarc=temperror; dkim=pass header.d=northmoor.nhs.uk"], U),
    (
        [
            f"{OURS}; dmarc=none; dkim=temperror header.d=northmoor.nhs.uk; spf=fail smtp.mailfrom=northmoor.nhs.uk"
        ],
        U,
    ),
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


# Exchange Online writes no authserv-id: what it says counts for a mailbox that is there, at the top only.
SAID = "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=northmoor.nhs.uk; dkim=pass (signature was verified) header.d=northmoor.nhs.uk;"
GOOD = f"{SAID}dmarc=pass action=none header.from=northmoor.nhs.uk;compauth=pass reason=100"
BAD = "spf=fail (sender IP is 192.0.2.66) smtp.mailfrom=northmoor.nhs.uk; dkim=none (message not signed) header.d=none;dmarc=fail action=oreject header.from=northmoor.nhs.uk;compauth=fail reason=000"
EXCHANGE = [
    ([GOOD], V),
    ([BAD], F),
    ([BAD, GOOD], F),
    (
        ["dkim=none (message not signed) header.d=none;dmarc=none action=none header.from=northmoor.nhs.uk;"],
        U,
    ),
    (["dkim=none header.d=none;dmarc=none header.from=northmoor.nhs.uk;", GOOD], U),
    (["evil.example; dmarc=pass", GOOD], U),  # somebody else's stands on top
    (["evil.example; dmarc=pass header.from=northmoor.nhs.uk"], U),
    (["exchange; dmarc=pass header.from=northmoor.nhs.uk"], U),
    ([GOOD.replace("header.from=northmoor.nhs.uk", "header.from=evil.example")], F),
    # compauth only ever takes a certainty away
    (
        ["spf=none smtp.mailfrom=x.example;dmarc=none header.from=northmoor.nhs.uk;compauth=pass reason=109"],
        U,
    ),
    ([GOOD.replace("compauth=pass reason=100", "compauth=fail reason=601")], U),
    ([BAD.replace("compauth=fail reason=000", "compauth=pass reason=130")], U),
    ([BAD.replace("compauth=fail reason=000", "compauth=pass reason=116")], F),
    (["compauth=pass reason=100"], U),
]


@pytest.mark.parametrize(("results", "trust"), EXCHANGE)
def test_what_exchange_online_says_counts_in_its_own_mailbox(
    results: list[str], trust: Trust, tmp_path: Path
) -> None:
    box = {"desk": "it", "address": "servicedesk@northmoor.nhs.uk", "host": "outlook.office365.com"}
    mailboxes = {"it": {**box, "sender_checks": "exchange_online"}, "hr": box}
    there = settings_for(tmp_path, mailboxes=mailboxes, trust={"authserv_ids": []})
    headers = "\n".join(f"Authentication-Results: {one}" for one in results)
    email = parse(mail(f"{headers}\nFrom: x@northmoor.nhs.uk"))
    origin = judge(email, there, TOKENS, mailbox="it")
    assert (origin.trust, origin.checked, origin.vouched_by) == (trust, True, "exchange_online")
    for elsewhere in ("hr", "", "import"):
        assert judge(email, there, TOKENS, mailbox=elsewhere).trust is U


def test_our_host_s_word_stands_before_exchange_s_and_our_own(tmp_path: Path) -> None:
    for checker in ("exchange_online", "ourselves"):
        trust = {"authserv_ids": [OURS], "sender_checks": checker}
        headers = f"Authentication-Results: {OURS}; dmarc=fail\nAuthentication-Results: {GOOD}\nFrom: x@northmoor.nhs.uk"
        found = Authenticity((Word("dmarc", "pass", "northmoor.nhs.uk"),))
        email = parse(mail(headers))
        origin = judge(email, settings_for(tmp_path, trust=trust), TOKENS, mailbox="it", found=found)
        assert (origin.trust, origin.vouched_by) == (F, "gateway")
        assert not is_ours_to_check(email, [OURS], checker)  # type: ignore[arg-type]


def test_what_was_said_is_kept_without_words_of_the_sender(settings: config.Settings) -> None:
    value = f'{OURS}; spf=fail reason="Mrs Whitlock" smtp.mailfrom=x@northmoor.nhs.uk; dmarc=fail'
    origin = judge(parse(mail(f"Authentication-Results: {value}")), settings, TOKENS)
    assert origin.proof == ("spf=fail northmoor.nhs.uk", "dmarc=fail")


def test_exchange_s_own_words_are_read(tmp_path: Path) -> None:
    exchange = settings_for(tmp_path, trust={"authserv_ids": ["mx.microsoft.com"]})
    value = (
        "mx.microsoft.com 1; spf=pass (sender ip is 192.0.2.1) smtp.rcpttodomain=x.nhs.uk smtp.mailfrom=northmoor.nhs.uk; "
        "dmarc=pass (p=reject sp=none pct=100) action=none header.from=northmoor.nhs.uk; dkim=pass (signature was verified) "
        "header.d=northmoor.nhs.uk; arc=none"
    )
    assert judge(parse(mail(f"Authentication-Results: {value}")), exchange, TOKENS).trust is V
