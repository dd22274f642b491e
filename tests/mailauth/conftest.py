"""A token endpoint in a process of its own, fresh for each test."""

from collections.abc import Iterator

import pytest

from tests.support.token_endpoint import TokenEndpoint, token_endpoint


@pytest.fixture(scope="module")
def endpoint_process() -> Iterator[TokenEndpoint]:
    with token_endpoint() as running:
        yield running


@pytest.fixture
def endpoint(endpoint_process: TokenEndpoint) -> TokenEndpoint:
    endpoint_process.reset()
    return endpoint_process
