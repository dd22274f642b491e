"""One scanner for all of these tests: its models take two seconds to load, and it is safe to share."""

import pytest

from helpdesk.config import Settings
from helpdesk.pii.scanner import Scanner


@pytest.fixture(scope="session")
def scanner() -> Scanner:
    return Scanner(Settings(demo=True))
