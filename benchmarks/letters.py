"""Mails to measure with: made ones of 14 KB, and real mailing-list mail where the corpus is there."""

import json
import os
import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

CORPUS = Path(os.environ.get("HELPDESK_CORPUS") or Path(__file__).resolve().parents[2] / "shared" / "corpus")
DESK = "servicedesk@northmoor.nhs.uk"
FIRST = datetime(2026, 11, 2, 8, tzinfo=UTC)
SENTENCES = (
    "The printer by the entrance of building {n} shows error {m} and prints nothing since this morning.",
    "We restarted it twice and changed the cartridge, but the light on the left stays orange.",
    "Could somebody look at it before the meeting on the second floor starts at ten?",
    "The account that was asked for last week still cannot open the shared drive, it says access denied.",
    "After the update the calendar shows each appointment an hour late on the laptops of the whole team.",
    "The screen in meeting room {m} stays dark when a laptop is connected with the new cable.",
    "Please order {n} headsets of the kind that the library has, the old ones crackle.",
    "The wireless network in the west corridor drops out every few minutes since the works began.",
    "When I save the rota as a new file the program closes without a word and the changes are gone.",
    "The door reader at the loading bay wants the card three times before it opens.",
    "Nobody can reach the intranet from the training room, all other pages open as usual.",
    "The scanner sends its files to the old folder although we changed the setting on the panel.",
)  # fmt: skip


def made(count: int, *, size: int = 14_000, seed: int = 1) -> list[bytes]:
    """Different mails of about `size` bytes: text and HTML, with the headers that gateways add."""
    chance = random.Random(seed)
    return [_made(chance, number, size, seed) for number in range(count)]


def _made(chance: random.Random, number: int, size: int, seed: int) -> bytes:
    message = _headed(number, f"Request {number}: {_sentence(chance)[:60]}", seed)
    words = [_sentence(chance) for _ in range(max(1, size // 330))]
    message.set_content("Hello,\n\n" + _paragraphs(words, "\n\n") + "\n\nThanks\n")
    html = "".join(f'<p class="MsoNormal" style="margin:0cm">{one}</p>\n' for one in words)
    message.add_alternative(f"<html><body><p>Hello,</p>{html}<p>Thanks</p></body></html>", subtype="html")
    return message.as_bytes()


def _sentence(chance: random.Random) -> str:
    return chance.choice(SENTENCES).format(n=chance.randrange(2, 90), m=chance.randrange(10, 99))


def _paragraphs(words: list[str], between: str) -> str:
    return between.join(" ".join(words[start : start + 3]) for start in range(0, len(words), 3))


def ham(count: int) -> list[bytes] | None:
    """Real mailing-list texts as mails to the desk; None where the corpus is absent. More than there are: again."""
    file = CORPUS / "ham" / "spamassassin_easy_ham_1.jsonl"
    if not file.exists():
        return None
    texts = list(_texts(file))
    return [_plain(texts[number % len(texts)], number) for number in range(count)]


def _texts(file: Path) -> Iterator[str]:
    with file.open() as lines:
        for line in lines:
            yield json.loads(line)["text"]


def _plain(text: str, number: int) -> bytes:
    subject, _, body = text.partition("\n")
    message = _headed(number, " ".join(subject.split())[:200] or "No subject", 2)
    message.set_content(f"{body}\n\n-- \nReference {number}\n")
    return message.as_bytes()


def _headed(number: int, subject: str, seed: int) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    at = format_datetime(FIRST + timedelta(seconds=number))
    for hop in range(4):
        message.add_header("Received", f"from mx{hop}.example.org (192.0.2.{hop + 1}) by mx{hop + 1}.example.org "
                           f"with ESMTPS id {number:08x}{hop}; {at}")  # fmt: skip
    message["From"] = f"Person {number} <person{number}@team{number % 50}.example.org>"
    message["To"] = DESK
    message["Subject"] = subject.encode("ascii", "ignore").decode()
    message["Date"] = at
    message["Message-ID"] = f"<{seed}.{number}.{size_mark(number)}@mail.example.org>"
    message["X-Mailer"] = "Example Mail 16.0"
    message["DKIM-Signature"] = "v=1; a=rsa-sha256; d=example.org; s=key; h=From:To:Subject; bh=" + "b" * 44
    return message


def size_mark(number: int) -> str:
    return f"{number * 2654435761 % 2**32:08x}"
