"""Every mail of the shared corpora is read, judged and cut into pieces: none crashes, none takes long."""

import itertools
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk import config
from helpdesk.ingest.origin import judge
from helpdesk.ingest.parse import ParseError, parse
from helpdesk.ingest.scan import context, pieces
from helpdesk.ingest.values import Email, OriginKind, Trust
from helpdesk.outbound.tokens import Tokens
from tests.conftest import settings_for
from tests.corpora.stalwart import compare

pytestmark = pytest.mark.corpus

TOKENS = Tokens(b"k" * 32)
MOST_SECONDS = 2.0  # of this process, so that a busy machine fails no test
HAM_SAMPLE = 500
NOT_MAILS = {"COMMIT", "COPYING", ".gitattributes"}
# The files of these sets that are no mail: an Outlook .msg, and the printed form of another library.
REFUSED = {"binary_garbage.eml", "mail_outlook_1", "sample_output_multipart"}

# Where we differ from the trees that stalwart expects, and why.
DIFFERENCES = {
    "legacy/026 texts": "a uuencoded part is decoded; the tree keeps its code",
    "legacy/049 texts": "uuencoded files in a text become parts; the tree keeps their code in the text",
    "legacy/035 file_names": "a path before a file name is taken off",
    "legacy/039 file_names": "a path before a file name is taken off",
    "malformed/009 texts": "the outer boundary is found though the inner one begins with the same letters",
    "malformed/011 texts": "the outer boundary is found though the inner one begins with the same letters",
    "malformed/019 date": "a date with an address in it is no date",
    "malformed/020 texts": "the inner boundary is found though it begins with the outer one",
    "malformed/021 texts": "the inner boundary is found though it begins with the outer one",
    "rfc/001 to": "the name of a group is nobody's mailbox",
    "rfc/004 to": "the name of a group is nobody's mailbox",
    "thirdparty/002 texts": "words after the padding of base64 are a text of their own",
    "thirdparty/007 from": "an address without a domain is none",
    "thirdparty/015 file_names": "a nested mail keeps the name that it came with",
}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> config.Settings:
    return settings_for(tmp_path_factory.mktemp("settings"))


def road(raw: bytes, known: config.Settings) -> Email | None:
    """Parse, judge and cut; None when the file is refused as no mail."""
    started = time.process_time()
    try:
        email = parse(raw)
        judge(email, known, TOKENS)
        pieces(email)
        context(email, known)
    except ParseError:
        return None
    finally:
        assert time.process_time() - started < MOST_SECONDS
    return email


def mails(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        licence = path.name in NOT_MAILS or "LICENSE" in path.name.upper()
        if path.is_file() and path.suffix not in (".json", ".jsonl", ".md") and not licence:
            yield path


@pytest.mark.parametrize(
    "name",
    ["mail/stalwart-mail-parser", "mail/mikel-mail", "mail/SpamScope-mail-parser", "hostile", "pii/eml"],
)
def test_every_mail_is_read_or_refused_and_none_takes_long(
    name: str, corpus: Path, known: config.Settings
) -> None:
    found = list(mails(corpus / name))
    refused = {path.name for path in found if road(path.read_bytes(), known) is None}
    print(f"\n{name}: {len(found)} mails read, {len(refused)} of them refused as no mail")
    assert len(found) >= 20
    assert refused <= REFUSED


def test_ordinary_mail_of_people_stays_theirs(corpus: Path, known: config.Settings) -> None:
    """Real mails without their headers (the set keeps none): no word in them makes a machine of the sender."""
    kinds: Counter[OriginKind] = Counter()
    with (corpus / "ham" / "spamassassin_easy_ham_1.jsonl").open() as lines:
        for line in itertools.islice(lines, HAM_SAMPLE):
            email = road(_as_mail(json.loads(line)["text"]), known)
            assert email is not None
            assert email.text.strip() or email.html.strip() or email.parts
            kinds[judge(email, known, TOKENS).kind] += 1
    print(f"\nham: {dict(kinds)}")
    assert kinds[OriginKind.PERSON] >= HAM_SAMPLE * 0.99


def _as_mail(text: str) -> bytes:
    """The first line is the subject, the rest the body."""
    subject, _, body = text.partition("\n")
    headers = f"From: Ann <ann@x.org>\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n"
    return (headers + body).encode("utf-8", "surrogateescape")


def test_what_another_parser_expects_is_found(corpus: Path) -> None:
    """Each field that stalwart's trees have; a difference is one of those explained above."""
    compared = [
        one
        for path in sorted((corpus / "mail" / "stalwart-mail-parser").rglob("*.eml"))
        for one in compare(path, parse(path.read_bytes()))
    ]
    total = Counter(one.field for one in compared)
    same = Counter(one.field for one in compared if one.same)
    print("\nstalwart: " + ", ".join(f"{name} {same[name]}/{total[name]}" for name in total))
    differing = {f"{one.mail} {one.field}" for one in compared if not one.same}
    assert differing == set(DIFFERENCES)


@pytest.fixture(scope="module")
def hostile(corpus: Path) -> dict[str, Email]:
    found = {path.stem: path.read_bytes() for path in mails(corpus / "hostile") if path.name not in REFUSED}
    return {name: parse(raw) for name, raw in found.items()}


def test_hidden_personal_data_is_in_a_piece(corpus: Path, hostile: dict[str, Email]) -> None:
    """Of each hostile mail that hides personal data as text, the words are in a piece; files are read later."""
    rows = [json.loads(line) for line in (corpus / "hostile" / "manifest.jsonl").read_text().splitlines()]
    checked = 0
    for row in rows:
        words = [one["text"] for one in row["entities"]]
        made = pieces(hostile[Path(row["file"]).stem]) if words else []
        if words and not any(piece.data for piece in made):
            assert all(any(word in piece.text for piece in made) for word in words)
            checked += 1
    assert checked >= 3


def test_hostile_mails_come_out_as_they_must(hostile: dict[str, Email], known: config.Settings) -> None:
    assert hostile["boundary_missing_param"].text.startswith("The printer")
    assert hostile["from_display_addr"].from_address == "attacker@evil.example"
    assert hostile["bom_first"].from_address == "priya.venkat@northmoor.nhs.uk"
    assert hostile["smime_clear_signed"].flags == ("signed",)
    assert hostile["smime_opaque_pii"].parts[0].data
    assert hostile["rfc822_depth_60"].parts[0].media_type == "message/rfc822"
    assert len(hostile["subject_1mb"].subject) > 999_000
    assert len({part.file_name for part in hostile["duplicate_attachment_names"].parts}) == 3
    judged = {name: judge(email, known, TOKENS) for name, email in hostile.items()}
    assert judged["auto_dsn_failed"].kind is OriginKind.BOUNCE
    assert judged["auto_dsn_failed"].bounced[0].permanent
    assert judged["auto_own_address"].kind is OriginKind.OWN
    assert {judged[name].kind for name in ("auto_generated", "auto_oof_no_headers")} == {
        OriginKind.AUTO_REPLY
    }
    # Its Authentication-Results is not from our server, so it says nothing.
    assert judged["spoof_nhsnet_fail"].trust is Trust.UNKNOWN
