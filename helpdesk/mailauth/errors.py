"""Why there is no token, each as a sentence: what, where, what to do. Never a secret or a token."""

from helpdesk.errors import HelpdeskError


class TokenError(HelpdeskError):
    """No token can be had now. `retry_after`: seconds that the endpoint asked us to wait."""

    def __init__(self, sentence: str, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


class EndpointUnreachable(TokenError):
    """The token endpoint does not answer, or not as one does; asking later may help."""


class GrantRefused(TokenError):
    """The endpoint knows us and says no; somebody has to mend a setting or a right."""
