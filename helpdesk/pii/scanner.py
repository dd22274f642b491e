"""The scan: pieces of a mail in, one verdict out, cheap steps before dear ones, closed on any failure."""

import logging
import time
from collections.abc import Iterator, Sequence
from typing import Any

from helpdesk.config import Settings
from helpdesk.pii.found import Found
from helpdesk.pii.invented import without_invented
from helpdesk.pii.matters import MATTERS, matters
from helpdesk.pii.models import Models
from helpdesk.pii.need_of_names import plausible, where_names_matter
from helpdesk.pii.not_people import names_of_machines
from helpdesk.pii.policy import Policy, load_policy
from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers import recognizers_for, registry_of
from helpdesk.pii.recognizers.base import Recognizer
from helpdesk.pii.rules import Hit
from helpdesk.pii.same_number import told_of_once
from helpdesk.pii.second_look import SecondLook
from helpdesk.pii.sections import UnreadError, file_readings, read_document, reading_of, text_of
from helpdesk.pii.streets import without_streets
from helpdesk.pii.subjects import settle
from helpdesk.pii.text import Mapped
from helpdesk.pii.told import told
from helpdesk.pii.values import Context, Kind, Piece, Severity, Unscannable, Verdict

log = logging.getLogger(__name__)
LONGEST_FOR_MODEL = 20_000


class Scanner:
    """Scans mails; safe to share between threads, models loaded once (`warm`, or at first need)."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings.pii
        self._own_sites = tuple(settings.pii.sites)
        self._policy = load_policy(settings.pii.policy)
        registry = registry_of(recognizers_for(settings.pii))
        self._recognizers = [one for one in registry.recognizers if isinstance(one, Recognizer)]
        self._models = Models(settings.pii)

    @property
    def policy(self) -> Policy:
        return self._policy

    @property
    def version(self) -> str:
        """What a verdict came about by: the policy's version, and which models of the operator's own were used."""
        return self._policy.version + self._models.mark

    @property
    def names_by(self) -> str:
        """The model that finds names; it is loaded for the answer."""
        return self._models.names().title

    def warm(self) -> None:
        """Load what is otherwise loaded at first need: the model, the lists, the weights."""
        self._models.names()
        self._models.reader()
        self.scan(
            [Piece("warm", Kind.TEXT, "Mr Adam Smith, bed 4, has asthma; 01/01/2026.")],
            Context(),
            thorough=True,
        )

    def scan(
        self, pieces: Sequence[Piece], context: Context, *, thorough: bool = False, strict: bool = False
    ) -> Verdict:
        """The verdict on these pieces. Never raises for content: what cannot be read is held.

        A scan stops once it knows enough to hold; `thorough` goes on to the end, for redaction.
        `strict`: doubtful rules hold without a second look, as for what is left of a redacted mail, where whose it was no longer stands.
        """
        return self._scan(pieces, context, thorough=thorough, strict=strict)[0]

    def look(
        self, pieces: Sequence[Piece], context: Context
    ) -> tuple[Verdict, tuple[Found, ...], tuple[Hit, ...]]:
        """A thorough scan with what was found and the rules that hit, for explaining."""
        return self._scan(pieces, context, thorough=True)

    def _scan(
        self, pieces: Sequence[Piece], context: Context, *, thorough: bool, strict: bool = False
    ) -> tuple[Verdict, tuple[Found, ...], tuple[Hit, ...]]:
        begun = time.perf_counter()
        found: list[Found] = []
        unread: list[Unscannable] = []
        hits: tuple[Hit, ...] = ()
        look = SecondLook(None if strict else self._models.reader)
        try:
            for readings in self._rounds(pieces, context, unread):
                found, hits = self._round(
                    readings, [*found, *self._find(readings)], context, look, thorough=thorough
                )
                if hits and not thorough:
                    break
        except Exception as fault:  # noqa: BLE001 - fail closed: whatever went wrong, the mail is held
            log.error("scan failed: %s", type(fault).__name__)
            unread.append(Unscannable("mail", f"the scan failed ({type(fault).__name__})"))
        return self._verdict(hits, found, unread, time.perf_counter() - begun), tuple(found), hits

    def _round(
        self,
        readings: Sequence[Reading],
        found: Sequence[Found],
        context: Context,
        look: SecondLook,
        *,
        thorough: bool,
    ) -> tuple[list[Found], tuple[Hit, ...]]:
        """Judge what is found; where a name could change the verdict, let the model look for names;
        what is not held then is read for what it tells. What a doubtful rule holds is looked at once more."""
        judged = self._judge(found, context)
        hits = look.standing(self._held_by(judged), readings, judged)
        if hits and not thorough:
            return judged, hits
        named = list(self._names(judged, everywhere=thorough))
        if named:
            judged = self._judge([*judged, *named], context)
            hits = look.standing(self._held_by(judged), readings, judged)
        if thorough or not hits:
            judged = [*judged, *told(readings, judged, self._models.reader())]
            hits = look.standing(self._held_by(judged), readings, judged)
        return judged, hits

    def _held_by(self, found: Sequence[Found]) -> tuple[Hit, ...]:
        return tuple(hit for hit in self._policy.hits(found) if hit.rule.hold)

    def _names(self, found: Sequence[Found], *, everywhere: bool) -> Iterator[Found]:
        """Names by the model, in the stretches where one more name could make a rule hit."""
        known = {(one.number, one.start) for one in found if one.entity == "PERSON"}
        spans = (
            [(one.reading, 0, len(one.reading.text)) for one in {one.number: one for one in found}.values()]
            if everywhere
            else where_names_matter(found)
        )
        for reading, start, end in spans:
            for first, last, score in self._models.names().persons(
                reading.text[start : min(end, start + LONGEST_FOR_MODEL)]
            ):
                if (id(reading), start + first) not in known and plausible(
                    reading.text[start + first : start + last]
                ):
                    yield Found(
                        "PERSON",
                        start + first,
                        start + last,
                        min(score, 0.7),
                        "by the model",
                        "NamesByModel",
                        reading,
                        id(reading),
                        reading.zone(start + first),
                    )

    def findings(self, pieces: Sequence[Piece], context: Context) -> list[Found]:
        """What is found in the text pieces, for explaining and for learning; raises what the scan would hold for."""
        unread: list[Unscannable] = []
        texts = [piece for piece in pieces if piece.kind is not Kind.FILE]
        return self._judge(list(self._find(list(self._texts(texts, context, unread)))), context)

    def _rounds(
        self, pieces: Sequence[Piece], context: Context, unread: list[Unscannable]
    ) -> Iterator[list[Reading]]:
        """Readings in order of cost: text, then files, then what of the files needs OCR."""
        yield list(self._texts([p for p in pieces if p.kind is not Kind.FILE], context, unread))
        files = [piece for piece in pieces if piece.kind is Kind.FILE]
        if not files:
            return
        documents = [(piece, self._document(piece, unread, ocr=False)) for piece in files]
        yield [reading for piece, document in documents for reading in file_readings(piece, document)]
        pending = [piece for piece, document in documents if document.images_pending]
        if pending and not self._settings.ocr:
            unread.extend(
                Unscannable(piece.part, "pictures were not read, because OCR is switched off")
                for piece in pending
            )
        elif pending:
            yield [reading for piece in pending for reading in self._pictures(piece, unread)]

    def _texts(
        self, pieces: Sequence[Piece], context: Context, unread: list[Unscannable]
    ) -> Iterator[Reading]:
        read: list[tuple[Piece, Mapped]] = []
        for piece in pieces:
            try:
                read.append((piece, text_of(piece)))
            except UnreadError as fault:
                unread.append(Unscannable(piece.part, str(fault)))
        machines = names_of_machines(mapped.text for _, mapped in read)
        for piece, mapped in read:
            yield reading_of(piece, mapped, context, machines)

    def _pictures(self, piece: Piece, unread: list[Unscannable]) -> Iterator[Reading]:
        """What OCR reads of a file; its other text has been read already."""
        document = self._document(piece, unread, ocr=True)
        return (reading for reading in file_readings(piece, document) if reading.kind == "image")

    def _document(self, piece: Piece, unread: list[Unscannable], *, ocr: bool) -> Any:
        """What the isolated reader makes of a file; it remembers by the digest of the content."""
        document = read_document(piece, self._settings.documents, ocr=ocr)
        unread.extend(
            Unscannable(piece.part, f"{one.path}: {one.why}" if one.path else str(one.why))
            for one in document.unscannable
        )
        return document

    def _find(self, readings: Sequence[Reading]) -> Iterator[Found]:
        for reading in readings:
            for recognizer in self._recognizers:
                for result in recognizer.analyze(reading.text, [], reading):
                    why = result.recognition_metadata["why"]
                    yield Found(
                        result.entity_type, result.start, result.end, result.score, why, str(recognizer.name),
                        reading, id(reading), reading.zone(result.start),
                    )  # fmt: skip

    def _judge(self, found: Sequence[Found], context: Context) -> list[Found]:
        """Whose each name is, and what the sentences tell of it."""
        found = [
            one for one in without_streets(told_of_once(without_invented(found))) if one.recognizer != MATTERS
        ]
        settled = list(settle(found, context))
        return [*settled, *matters(settled)]

    def _verdict(
        self, hits: Sequence[Hit], found: Sequence[Found], unread: Sequence[Unscannable], seconds: float
    ) -> Verdict:
        severity = Severity.gravest(hit.rule.severity for hit in hits)
        return Verdict(
            hold=bool(hits or unread),
            severity=severity if hits or not unread else Severity.MODERATE,
            reasons=self._policy.reasons(hits),
            findings=tuple(one.finding() for one in found),
            unscannable=tuple(dict.fromkeys(unread)),
            policy_version=self.version,
            seconds=seconds,
        )
