"""Signed tokens: in the Message-ID of our mails, in plus addresses, in re-activation links.

A token binds a purpose to a ticket number. It is an HMAC-SHA256 cut to 80 bits, base32,
lower case, since local parts and Message-IDs may lose their case on the way. A guess
succeeds once in 2^80; the key never leaves the vault.
"""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from functools import cached_property

from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer

TOKEN_BYTES = 10
DIGEST_CHARACTERS = 64
_NUMBER = r"[a-z]{2,6}-\d{6,9}"
_TOKEN = r"[a-z2-7]{16}"  # noqa: S105 (a pattern)
MESSAGE_ID = re.compile(rf"<({_NUMBER})\.([a-z0-9]+)\.({_TOKEN})@[^<>@\s]+>", re.IGNORECASE)
PLUS = re.compile(rf"\+(reply|reactivate)\.({_NUMBER})\.({_TOKEN})@", re.IGNORECASE)


@dataclass(frozen=True)
class Tokens:
    """Makes and checks tokens with one key (`Vault.signing_key("tokens")`)."""

    key: bytes

    def __repr__(self) -> str:
        return "Tokens()"

    def message_id(self, number: str, domain: str) -> str:
        """A new Message-ID for a mail of ours on this ticket, as `<it-000123.random.token@domain>`."""
        unique = secrets.token_hex(8)
        return f"<{number.lower()}.{unique}.{self._mac('message-id', number, unique)}@{domain}>"

    def ticket_of_message_id(self, message_id: str) -> str | None:
        """The ticket number, if the id is one that we made."""
        found = MESSAGE_ID.fullmatch(message_id.strip())
        if not found:
            return None
        number, unique, mac = found[1].upper(), found[2].lower(), found[3].lower()
        return number if hmac.compare_digest(mac, self._mac("message-id", number, unique)) else None

    def address(self, purpose: str, number: str, address: str) -> str:
        """The desk's address with a signed part, as `desk+reply.it-000123.token@domain`."""
        local, domain = address.rsplit("@", 1)
        return f"{local}+{purpose}.{number.lower()}.{self._mac(purpose, number)}@{domain}"

    def ticket_of_address(self, address: str) -> tuple[str, str] | None:
        """(purpose, ticket number), if the address carries a good token."""
        found = PLUS.search(address)
        if not found:
            return None
        purpose, number, mac = found[1].lower(), found[2].upper(), found[3].lower()
        return (purpose, number) if hmac.compare_digest(mac, self._mac(purpose, number)) else None

    def link(self, number: str) -> str:
        """The signed, dated part of a re-activation link."""
        return self._links.dumps(number)

    def ticket_of_link(self, signed: str, max_age_seconds: float) -> str | None:
        """The ticket number, if the link is ours and not older than that."""
        try:
            number = self._links.loads(signed, max_age=int(max_age_seconds))
        except (BadSignature, SignatureExpired):
            return None
        return str(number)

    @cached_property
    def _links(self) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(
            self.key, salt="reactivate", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def _mac(self, purpose: str, number: str, unique: str = "") -> str:
        text = f"{purpose} {number.upper()} {unique}".encode()
        digest = hmac.new(self.key, text, hashlib.sha256).digest()[:TOKEN_BYTES]
        return base64.b32encode(digest).decode().lower()


def id_digest(message_id: str) -> str:
    """What is stored of a Message-ID so that replies find its ticket: SHA-256 of the bare id.

    Of an id made like ours it begins with the ticket's number, so that ids of new tickets stand together
    in the index: a page written a mail less, with many stored. Whether it is ours, only the signature tells.
    """
    bare = message_id.strip().strip("<>")
    digest = hashlib.sha256(bare.encode("utf-8", "surrogatepass")).hexdigest()
    ours = MESSAGE_ID.fullmatch(f"<{bare}>")
    return f"{ours[1].lower()}.{digest}"[:DIGEST_CHARACTERS] if ours else digest
