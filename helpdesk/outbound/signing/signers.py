"""Which signatures a mail gets, whether they can be made, and what of them ends soon."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from helpdesk.config import Desk, Settings
from helpdesk.config_outbound import Dkim, Smime
from helpdesk.db import now
from helpdesk.outbound.signing import dkim, smime
from helpdesk.outbound.signing.dkim import DkimSigner
from helpdesk.outbound.signing.keys import SigningError
from helpdesk.outbound.signing.smime import SmimeSigner

# Read once: a key that is replaced in its file counts from the next start, like every setting.
_dkim = lru_cache(dkim.load)
_smime = lru_cache(smime.load)


def sign(content: bytes, settings: Settings, desk_key: str, from_address: str, written: datetime) -> bytes:
    """The mail with the signatures that the settings want for it: S/MIME first, DKIM around it.

    With an S/MIME certificate that has ended it goes out without that signature: `warnings` says so.
    Raises SigningError when a key cannot be read.
    """
    desk = settings.desks.get(desk_key)
    by_desk = smime_signer(desk_key, desk) if desk and desk.address == from_address.lower() else None
    if by_desk and by_desk.is_valid:
        content = by_desk.sign(content)
    by_domain = _dkim_for(settings, desk_key, from_address)
    return by_domain.sign(content, written) if by_domain else content


def smime_signer(desk_key: str, desk: Desk) -> SmimeSigner | None:
    """A desk's S/MIME signer. Raises SigningError."""
    return _smime(f"desks.{desk_key}.smime", desk.smime, desk.address) if desk.smime else None


def check_signing(settings: Settings) -> None:
    """Read every key and certificate of the settings. Raises SigningError with one line a fault."""
    faults = list(_faults(settings))
    if faults:
        raise SigningError("\n".join(faults))


def warnings(settings: Settings) -> list[str]:
    """Sentences for an operator: certificates that end soon or have ended, a desk that the DKIM key leaves out."""
    return [*_ends_soon(settings), *_left_out(settings)]


def _dkim_for(settings: Settings, desk_key: str, from_address: str) -> DkimSigner | None:
    for setting, wanted in _dkim_settings(settings, desk_key):
        if wanted.covers(from_address):
            return _dkim(setting, wanted)
    return None


def _dkim_settings(settings: Settings, desk_key: str) -> Iterator[tuple[str, Dkim]]:
    desk = settings.desks.get(desk_key)
    if desk and desk.dkim:
        yield f"desks.{desk_key}.dkim", desk.dkim
    if settings.outbound.dkim:
        yield "outbound.dkim", settings.outbound.dkim


def _faults(settings: Settings) -> Iterator[str]:
    if settings.outbound.dkim:
        yield from _fault_of_dkim("outbound.dkim", settings.outbound.dkim)
    for key, desk in settings.desks.items():
        if desk.dkim:
            yield from _fault_of_dkim(f"desks.{key}.dkim", desk.dkim)
        if desk.smime:
            yield from _fault_of_smime(f"desks.{key}.smime", desk.smime, desk.address)


def _fault_of_dkim(setting: str, wanted: Dkim) -> Iterator[str]:
    try:
        dkim.load(setting, wanted)
    except SigningError as fault:
        yield str(fault)


def _fault_of_smime(setting: str, wanted: Smime, address: str) -> Iterator[str]:
    try:
        smime.load(setting, wanted, address)
    except SigningError as fault:
        yield str(fault)


def _ends_soon(settings: Settings) -> Iterator[str]:
    before = timedelta(days=settings.outbound.certificate_warning_days)
    zone = ZoneInfo(settings.timezone)
    for key, desk in settings.desks.items():
        try:
            signer = smime_signer(key, desk)
        except SigningError as fault:
            yield str(fault)
            continue
        if signer:
            yield from _ends(f"desks.{key}.smime", signer, before, zone)


def _ends(setting: str, signer: SmimeSigner, before: timedelta, zone: ZoneInfo) -> Iterator[str]:
    day = f"{signer.ends.astimezone(zone):%Y-%m-%d}"
    mend = f"put a new one into {setting}.certificate_file and start the service again"
    if now() >= signer.ends:
        yield f"The certificate of {setting} ended on {day}: mails go out without that signature; {mend}."
    elif not signer.is_valid:
        yield f"The certificate of {setting} does not count yet: mails go out without that signature."
    elif now() >= signer.ends - before:
        yield f"The certificate of {setting} ends on {day}; {mend} before."


def _left_out(settings: Settings) -> Iterator[str]:
    if settings.outbound.dkim is None:
        return
    for key, desk in settings.desks.items():
        if not any(one.covers(desk.address) for _, one in _dkim_settings(settings, key)):
            yield (
                f"The mails of desks.{key} are not signed: {desk.address} is not of {settings.outbound.dkim.domain}; "
                f"set desks.{key}.dkim."
            )
