"""Employee, assignment and payroll numbers: harmless in a starter's request, to be hidden beside an HR matter."""

import re
from collections.abc import Iterator

from helpdesk.pii.reading import Reading
from helpdesk.pii.recognizers.base import Hit, Recognizer

_LABELLED = re.compile(
    r"\b(?:employee|emp|assignment|payroll|staff|esr|personnel|pay)(?:[ ]?(?:no|num|number|id|ref|#)\b\.?)?[ \t]?(?:is|:|=|-|#|\()?[ \t]?(\d{6,9}(?:-\d)?)(?![\w.,-]\d)|\b(?:hr|er) case[ ]?(?:no|number|ref)?[ :]{0,2}([a-z]{1,3}-?\d{2,6}(?:/\d{2})?|\d{2,4}[/-]\d{2,5})\b"
)


class EmployeeNumber(Recognizer):
    """Numbers under such a label, and the numbers of HR cases."""

    ENTITIES = ("EMPLOYEE_NUMBER",)

    def hits(self, reading: Reading) -> Iterator[Hit]:
        if reading.has_digits:
            for match in _LABELLED.finditer(reading.lower):
                group = 1 if match.group(1) else 2
                yield Hit("EMPLOYEE_NUMBER", match.start(group), match.end(group), 0.5, "under its label")
