"""Files in a form: which views take them, how large such a form may be, and that no more of it is kept than may be.

Nothing of a file is written to a disk here (waitress does while it comes in), and of what is too large the rest is
counted and dropped.
"""

import io
from collections.abc import Callable
from typing import IO, Any, TypeVar

from flask import Flask, Request, current_app, request

from helpdesk.config import Limits
from helpdesk.web.site import site

View = TypeVar("View", bound=Callable[..., Any])
MARK = "__takes_files__"
MEGABYTE = 2**20


class Kept(io.BytesIO):
    """One file as it came, up to what may be kept; `size` is how large it was."""

    def __init__(self, most: int, shared: list[int]) -> None:
        """`shared`: how much may still be kept of all files of the form."""
        super().__init__()
        self.size = 0
        self._most, self._shared = most, shared

    def write(self, data: Any) -> int:
        room = max(0, min(self._most - self.size, self._shared[0]))
        self.size += len(data)
        self._shared[0] -= super().write(data[:room])
        return len(data)

    @property
    def is_whole(self) -> bool:
        return self.size == len(self.getbuffer())


class UploadRequest(Request):
    """Keeps the files of a form in memory, within the limits; werkzeug would put large ones on the disk."""

    _room: list[int] | None = None

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002 (the base class has them)
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        if not _takes_files():
            return Kept(0, [0])
        limits = site().settings.limits
        if self._room is None:
            self._room = [limits.written_files_bytes]
        return Kept(limits.written_file_bytes, self._room)


def takes_files(view: View) -> View:
    """Marks a view whose form may carry files."""
    setattr(view, MARK, True)
    return view


def allow() -> None:
    """Before the form is read, and after it is known that its sender may use the view: let it be larger."""
    if _takes_files() and request.mimetype == "multipart/form-data":
        request.max_content_length = site().settings.limits.largest_form


def install(app: Flask) -> None:
    app.request_class = UploadRequest
    app.before_request(allow)
    app.jinja_env.globals["files_hint"] = lambda: hint(site().settings.limits)


def _takes_files() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, MARK, False))


def hint(limits: Limits) -> str:
    """The limits in words; empty where no files are taken."""
    if not limits.written_files:
        return ""
    each, together = megabytes(limits.written_file_bytes), megabytes(limits.written_files_bytes)
    return f"Up to {count(limits.written_files)}, {each} each, {together} in all. No programs or scripts."


def megabytes(size: int) -> str:
    """As the limits are set, and as most systems show a size; never a limit's own number for what is over it."""
    if size < MEGABYTE:
        return f"{max(1, -(-size // 1024))} kB"
    tenths = -(-size * 10 // MEGABYTE)
    return f"{tenths / 10:g} MB"


def count(number: int) -> str:
    return "1 file" if number == 1 else f"{number} files"
