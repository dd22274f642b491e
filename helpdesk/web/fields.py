"""What a person typed into a form, and what is wrong with it, in words that say what to do."""

from dataclasses import dataclass, field

from flask import request

LONGEST_LINE = 300
LONGEST_TEXT = 100_000


@dataclass
class Fields:
    """The values of a form, and for each faulty field one sentence. `errors` is empty when all is well."""

    values: dict[str, str] = field(default_factory=dict, repr=False)
    errors: dict[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return not self.errors

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def wrong(self, name: str) -> list[str]:
        """All that is wrong with a field: as a whole, and with what it has several of (`name:2`)."""
        return [said for key, said in self.errors.items() if key.partition(":")[0] == name]

    def line(self, name: str, missing: str = "", longest: int = LONGEST_LINE) -> str:
        """One line; `missing` is the sentence when it must be filled and is not."""
        return self._take(name, " ".join(request.form.get(name, "").split()), missing, longest)

    def text(self, name: str, missing: str = "", longest: int = LONGEST_TEXT) -> str:
        """Several lines, with the line ends that the rest of the house uses."""
        value = request.form.get(name, "").replace("\r\n", "\n").replace("\r", "\n").strip()
        return self._take(name, value, missing, longest)

    def secret(self, name: str, missing: str) -> str:
        """A password: taken as typed, and never shown again."""
        value = request.form.get(name, "")
        if not value:
            self.errors[name] = missing
        return value

    def number(self, name: str) -> int:
        """A number the page itself put there; 0 when it is none."""
        value = request.form.get(name, "")
        return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else 0

    def _take(self, name: str, value: str, missing: str, longest: int) -> str:
        self.values[name] = value
        if missing and not value:
            self.errors[name] = missing
        elif len(value) > longest:
            self.errors[name] = f"This is {len(value):,} characters long; make it {longest:,} or fewer."
        return value
