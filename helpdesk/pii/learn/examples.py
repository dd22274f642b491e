"""Mails to learn from: our own templates filled in, and a labelled corpus."""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.utils import parseaddr
from importlib import resources
from pathlib import Path

from helpdesk.pii.lexicon import split
from helpdesk.pii.values import Context, Kind, Piece

_PEOPLE = [
    "Maria Lopez",
    "Rukhsana Mirza",
    "Chukwuemeka Okonkwo",
    "Siobhán Ní Dhomhnaill",
    "John Smith",
    "Agnieszka Wójcik",
    "Rhodri Prydderch",
    "Wei-Ling Cheung",
    "Fatoumata Diallo",
    "Harpreet Dhaliwal",
    "Grace May",
    "Will Day",
    "Margaret Entwistle",
    "Tendai Moyo",
    "Ioana Dumitrescu",
    "Priya Patel",
    "Mohammed Hussain",
    "Ewan MacAskill",
    "Nguyen Thi Hoa",
    "Omar Al-Mansouri",
    "Beryl Snodgrass",
    "Dafydd ap Gwilym",
    "Kwame Asante",
    "Yusuf Karahan",
    "Lorna Gilchrist",
    "Declan O'Hagan",
    "Sunita Rao",
    "Jean Baptiste",
]
_SLOTS = {
    "G": split("Harpreet;Callum;Zofia;Aisha;Rhys;Niamh;Kofi;Ethan"),
    "G2": split("Alex;Sam;Robyn"),
    "T": split("Mrs Patel;Mr Jones;Ms Okafor;Miss Siddiqui;Mr O'Hagan;Mrs Kowalska;Mr Ahmed;Mrs Bevan"),
    "ROLE": split("Staff Nurse;Occupational Therapist;Medical Secretary;Finance Assistant;Physiotherapist;Ward Clerk;Consultant Cardiologist"),
    "WARD": split("Ward 7B;Maple Ward;AMU;Ward 12;the Stroke Unit;ICU;Willow Suite"),
    "COND": split("sepsis;breast cancer;depression;diabetes;HIV;COPD;epilepsy;anxiety;a stroke;asthma;pneumonia;heart failure;dementia;crohn's;hepatitis"),
    "MED": split("metformin;warfarin;methadone;morphine;insulin;bisoprolol;sertraline;apixaban;clozapine"),
    "MED2": split("amoxicillin;ramipril;prednisolone"),
    "PROC": split("hip replacement;colonoscopy;hysterectomy;cataract surgery;a caesarean;knee arthroscopy;cholecystectomy"),
    "SYS": split("EPR;SystmOne;EMIS;Lorenzo;RiO;TrakCare;Careflow;Epic"),
    "D": split("12 March;04/02/2026;Monday;next Friday;1 October 2026"),
    "REF": split("INC0720920;7820403314;LT-017965;SR5641101"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """A mail with its label; `group` keeps mails of one template together in cross-validation."""

    pieces: tuple[Piece, ...] = field(repr=False)
    context: Context = field(repr=False)
    breach: bool
    group: str


def from_templates(times: int = 4, seed: int = 7) -> Iterator[Example]:
    """Each template filled in `times` times; every second time the writer signs with a role below."""
    dice = random.Random(seed)  # noqa: S311 - no secret is made of it
    for name, breach in (("breach.txt", True), ("clean.txt", False)):
        lines = resources.files("helpdesk.pii.learn").joinpath(name).read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(line for line in lines if line and not line.startswith("#")):
            for time in range(times):
                yield _filled(line, breach, f"{name}-{number}", dice, signed_below=time % 2 == 1)


def _filled(line: str, breach: bool, group: str, dice: random.Random, *, signed_below: bool) -> Example:
    me, other, another = dice.sample(_PEOPLE, 3)
    values = {slot: dice.choice(choices) for slot, choices in _SLOTS.items()}
    values |= {
        "N": other,
        "M": another,
        "ME": f"\n\n{me}\n{values['ROLE']}, {values['WARD']}" if signed_below else me,
    }
    subject, _, text = line.format_map(values).partition(" | ")
    private = breach and (
        "I am {ME}" in line or "my son" in line or "My mother" in line or ("app" in line and "my " in line)
    )
    address = (
        me.lower().replace(" ", "").replace("'", "") + "@example.com"
        if private
        else ".".join(me.lower().split()[::1]) + "@northmoor.nhs.uk"
    )
    pieces = (
        Piece("subject", Kind.SUBJECT, subject),
        Piece("from_name", Kind.NAME, me),
        Piece("body_text", Kind.TEXT, text),
    )
    return Example(pieces, Context(sender_address=address, sender_name=me), breach, group)


def from_mails() -> Iterator[Example]:
    """Mails written one by one before the rules they try: label | kind | writer | subject | text."""
    for number, line in enumerate(
        resources.files("helpdesk.pii.learn").joinpath("mails.txt").read_text(encoding="utf-8").splitlines()
    ):
        if line and not line.startswith("#"):
            yield _mail(line, f"mails-{number}")


def _mail(line: str, group: str) -> Example:
    label, _, writer, subject, text = (part.strip() for part in line.split(" | ", 4))
    name = writer.rstrip("*")
    local = name.lower().replace("'", "").split()
    address = (
        "".join(local) + "82@example.com" if writer.endswith("*") else ".".join(local) + "@northmoor.nhs.uk"
    )
    pieces = (
        Piece("subject", Kind.SUBJECT, subject),
        Piece("from_name", Kind.NAME, name),
        Piece("body_text", Kind.TEXT, text.replace("\\n", "\n")),
    )
    return Example(pieces, Context(sender_address=address, sender_name=name), label == "breach", group)


def from_corpus(path: Path) -> Iterator[Example]:
    """The text of a labelled corpus in the format of messages.jsonl; contestable rows are left out."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if not row.get("contestable"):
            name, address = parseaddr(row["from"])
            pieces = [
                Piece("subject", Kind.SUBJECT, row["subject"]),
                Piece("from_name", Kind.NAME, name),
                Piece("body_text", Kind.TEXT, row.get("body_text", "")),
            ]
            if row.get("body_html"):
                pieces.append(Piece("body_html", Kind.HTML, row["body_html"]))
            yield Example(
                tuple(pieces),
                Context(sender_address=address, sender_name=name),
                row["label"] == "breach",
                f"{path.stem}-{row['template']}",
            )
