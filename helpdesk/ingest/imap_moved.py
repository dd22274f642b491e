"""Where a mail lies after a move: COPYUID (RFC 4315 section 3, for MOVE RFC 6851 section 4.3)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

COPYUID = "COPYUID"
MOST_UIDS = 10_000  # of one range: far more than one command moves


@dataclass(frozen=True, slots=True)
class Moved:
    """What a server said of a move. Without a word from it, `uids` is empty.

    `folder` is the server's own name; `uids` has the UID there by the UID here.
    """

    folder: str
    uidvalidity: int | None = None
    uids: Mapping[int, int] = field(default_factory=dict)


def forget(untagged: dict[str, list[Any]]) -> None:
    """Drop what an earlier command left, before the next."""
    untagged.pop(COPYUID, None)


def read(folder: str, untagged: dict[str, list[Any]]) -> Moved:
    """What imaplib kept of the response codes of the last command."""
    uidvalidity, uids = None, {}
    for data in untagged.pop(COPYUID, None) or ():
        try:
            there, pairs = _pairs(data)
        except ValueError:  # a server that does not keep to the grammar has told us nothing
            continue
        uidvalidity = there
        uids.update(pairs)
    return Moved(folder, uidvalidity, uids)


def _pairs(data: bytes) -> tuple[int, dict[int, int]]:
    uidvalidity, here, there = data.decode("ascii").split()
    return int(uidvalidity), dict(zip(_expanded(here), _expanded(there), strict=True))


def _expanded(uid_set: str) -> Sequence[int]:
    return [uid for part in uid_set.split(",") for uid in _range(part)]


def _range(part: str) -> Iterator[int]:
    """`4:2` means the same as `2:4` (RFC 4315 section 4)."""
    ends = sorted(int(end) for end in part.split(":"))
    if ends[-1] - ends[0] > MOST_UIDS:
        raise ValueError("more mails than were moved")
    yield from range(ends[0], ends[-1] + 1)
