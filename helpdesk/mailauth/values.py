"""What a token endpoint gives."""

from dataclasses import dataclass, field
from datetime import datetime

ASK_SECONDS = 30.0  # an endpoint that says nothing for so long is down


@dataclass(frozen=True, slots=True)
class Granted:
    """What the endpoint gave. `refresh_token` is the one to use next: some providers give a new one each time."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    refresh_expires_at: datetime | None
