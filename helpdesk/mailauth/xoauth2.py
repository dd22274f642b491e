"""SASL XOAUTH2, as Microsoft and Google document it: one line of ours, and an empty one after an error."""


class Answers:
    """What we answer to the challenges of one sign-in, for imaplib's and smtplib's `authenticate`.

    A server that refuses the token sends a challenge (JSON, in which we look for nothing) and wants an empty
    answer to it before it says NO; others say NO at once.
    """

    def __init__(self, user: str, access_token: str) -> None:
        self._first = f"user={user}\1auth=Bearer {access_token}\1\1"
        self._said = False

    def __repr__(self) -> str:
        return "Answers(****)"

    def __call__(self, challenge: bytes | None = None) -> str:  # noqa: ARG002
        if self._said:
            return ""
        self._said = True
        return self._first
