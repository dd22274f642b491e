"""Whom our border host took a mail from: never what a sender wrote."""

import pytest

from helpdesk.ingest.authenticity.border import border, relays
from helpdesk.ingest.parse import parse
from tests.ingest.mails import mail

OURS = relays(["mx.northmoor.nhs.uk", "store.northmoor.nhs.uk", "10.0.0.0/8", "2001:db8:1::/48"])
END = "; Tue, 3 Nov 2026 09:30:05 +0000"
BY = "by mx.northmoor.nhs.uk"
INSIDE = "from mx.northmoor.nhs.uk (mx.northmoor.nhs.uk [10.0.0.5]) by store.northmoor.nhs.uk with ESMTP"
FORGED = f"from x (x [198.51.100.66]) {BY} with ESMTP"

# (Received lines from the top, the client, the name it gave)
ROWS: list[tuple[list[str], str | None, str]] = [
    # As servers write it
    ([f"from out.x.example (rdns.x.example [192.0.2.10]) {BY} (Postfix) with ESMTPS id 4F"], "192.0.2.10", "out.x.example"),
    ([f"from out.x.example (unknown [IPv6:2001:db8::10]) {BY} (Postfix) with ESMTPS id 4F"], "2001:db8::10", "out.x.example"),
    ([f"from [192.0.2.10] (helo=out.x.example) {BY} with esmtps (Exim 4.96)"], "192.0.2.10", "out.x.example"),
    ([f"from rdns.x.example ([192.0.2.10]:4567 helo=out.x.example) {BY} with esmtp"], "192.0.2.10", "out.x.example"),
    ([f"from out.x.example (192.0.2.10) {BY} (10.1.1.1) with Microsoft SMTP Server id 15.20"], "192.0.2.10", "out.x.example"),
    ([f"from out.x.example (root@rdns.x.example [192.0.2.10] (may be forged)) {BY.upper()} (8.17/8.17)"], "192.0.2.10", "out.x.example"),
    ([f"from x (x [::ffff:192.0.2.10]) {BY} with ESMTP"], "192.0.2.10", "x"),
    # Past hosts of ours, and what hands over inside
    ([INSIDE, f"from out.x.example (x [192.0.2.10]) {BY} with ESMTP"], "192.0.2.10", "out.x.example"),
    ([f"from localhost (localhost [127.0.0.1]) {BY} (Postfix)", f"from y (x [192.0.2.10]) {BY}"], "192.0.2.10", "y"),
    (["from mx.northmoor.nhs.uk by store.northmoor.nhs.uk with LMTP id 7a", f"from y (x [192.0.2.10]) {BY}"], "192.0.2.10", "y"),
    ([f"{BY} (Postfix, from userid 33)", f"from y (x [192.0.2.10]) {BY}"], "192.0.2.10", "y"),
    ([f"from a (a [2001:db8:1::5]) {BY}", f"from y (x [192.0.2.10]) {BY}"], "192.0.2.10", "y"),
    # What a sender may try
    ([f"from y (x [192.0.2.10]) {BY} with ESMTP", FORGED], "192.0.2.10", "y"),
    ([FORGED.replace("mx.northmoor.nhs.uk", "mx.evil.example"), FORGED], None, ""),
    ([f"from mx.northmoor.nhs.uk (x [192.0.2.10]) {BY}", FORGED], "192.0.2.10", "mx.northmoor.nhs.uk"),
    ([f"from [10.0.0.5] (x [192.0.2.10]) {BY}", FORGED], "192.0.2.10", "[10.0.0.5]"),
    ([f"from (y [10.0.0.5]) (x [192.0.2.10]) {BY}", FORGED], "192.0.2.10", "(y"),
    ([f"from rdns.example ([192.0.2.10] helo=[10.0.0.5]) {BY}", FORGED], "192.0.2.10", "[10.0.0.5]"),
    (["from x (x [192.0.2.10]) by evil.mx.northmoor.nhs.uk", FORGED], None, ""),
    ([f"from x {BY} with ESMTP", FORGED], None, ""),
    ([f"from x (x [999.1.1.1]) {BY}", FORGED], None, ""),
    ([], None, ""),
    (["nonsense"], None, ""),
]  # fmt: skip


@pytest.mark.parametrize(("lines", "client", "helo"), ROWS)
def test_the_client(lines: list[str], client: str | None, helo: str) -> None:
    headers = "\n".join(f"Received: {line}{END}" for line in lines)
    found = border(parse(mail(headers)), OURS)
    assert (found.client.address if found.client else None) == client
    assert (found.client.helo if found.client else "") == helo


def test_the_time_is_the_border_s() -> None:
    value = f"Received: from y (x [192.0.2.10]) {BY}{END}"
    at = border(parse(mail(value)), OURS).at
    assert at is not None
    assert at.isoformat() == "2026-11-03T09:30:05+00:00"
    assert border(parse(mail(value.replace("Tue, 3 Nov", "Tue, 99 Nov"))), OURS).at is None
