"""What every table of the settings file is."""

from pydantic import BaseModel, ConfigDict


class Section(BaseModel):
    """A table of the settings file; an unknown key is an error, not a silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True)
