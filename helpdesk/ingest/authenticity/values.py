"""What the checks of a sender find."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """What one method says of one domain; method and result are those of RFC 8601 section 2.7.

    `policy` is a DKIM signature that is good and yet proves too little, and a DMARC result by such a one.
    """

    method: str
    result: str
    domain: str = ""
    reason: str = ""  # of ours, never a sender's words

    def __str__(self) -> str:
        about = f" {self.domain}" if self.domain else ""
        return f"{self.method}={self.result}{about}{f' ({self.reason})' if self.reason else ''}"


@dataclass(frozen=True, slots=True)
class Authenticity:
    """What we found of one mail."""

    words: tuple[Word, ...] = ()
    sealed: str = ""  # the Authentication-Results of a trusted sealer, whose chain holds (RFC 8617)


@dataclass(frozen=True, slots=True)
class Client:
    """Who handed a mail to our border host, as that host wrote it down."""

    address: str
    helo: str
    position: int  # of its Received among the mail's headers, from the top
