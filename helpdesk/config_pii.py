"""Settings of the scanner: what it is told about this organisation, where its parts are, limits for reading a file."""

from typing import Annotated

from pydantic import Field

from helpdesk.config_base import Section
from helpdesk.config_checks import Pattern, There

Sha256 = Annotated[str, Field(pattern=r"^([0-9a-fA-F]{64})?$")]


class Documents(Section):
    """Limits of the isolated child that reads one file."""

    cpu_seconds: int = Field(default=120, gt=0)
    wall_seconds: float = Field(default=180, gt=0)
    memory_mb: int = Field(default=1_536, gt=0)
    file_bytes: int = Field(default=64 * 2**20, gt=0)
    text_characters: int = Field(default=2_000_000, gt=0)
    pages: int = Field(default=300, gt=0)
    depth: int = Field(default=5, gt=0)
    members: int = Field(default=500, gt=0)
    pixels: int = Field(default=100_000_000, gt=0)


class Pii(Section):
    """What the scanner is told about this organisation, and where its parts are.

    `model` is spaCy's, which comes with the service; `names_model`, the folder of Rampart, finds names beside it.
    """

    policy: There | None = None
    model: There | None = None
    model_sha256: str = ""
    names_model: There | None = None
    names_model_sha256: Sha256 = ""
    semantic: There | None = None
    ocr: bool = True
    hold_test_nhs_numbers: bool = True
    hospital_number_patterns: list[Pattern] = Field(default_factory=list)
    sites: list[str] = Field(default_factory=list)
    staff: list[str] = Field(default_factory=list)
    workers: int = Field(default=0, ge=0, description="0: one a core")
    documents: Documents = Documents()
