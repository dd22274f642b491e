"""Error pages in the look of the rest, with nothing of a mail on them, and what is logged of an error."""

import logging
from dataclasses import dataclass

from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from helpdesk.errors import HelpdeskError
from helpdesk.tickets.states import IllegalMove

log = logging.getLogger(__name__)

Answer = tuple[str, int]


@dataclass(frozen=True)
class Problem:
    """What a person reads: a heading, what happened, and what to do now."""

    heading: str
    what: str
    now: str


PROBLEMS = {
    400: Problem(
        "This form could not be accepted",
        "The page may have been open for too long, or was opened before you signed in.",
        "Go back, copy anything you typed, reload the page and try again.",
    ),
    401: Problem(
        "You have been signed out",
        "Your session ended before this was sent, so nothing was saved.",
        "Use your browser's back button to copy what you typed, then sign in again.",
    ),
    403: Problem(
        "You cannot use this page",
        "Your account does not have the role that this page needs.",
        "If you need it for your work, ask an administrator of the helpdesk.",
    ),
    404: Problem(
        "Page not found",
        "There is no page at this address, or no ticket with this number.",
        "If you typed the address, check it is correct.",
    ),
    405: Problem(
        "This page cannot be opened like this",
        "The address belongs to a button on another page.",
        "Go back and use the button.",
    ),
    409: Problem(
        "Someone else was faster",
        "This was changed by someone else while you were working on it, and nothing of yours was saved.",
        "Go back, copy anything you typed, and reload the page to see what changed.",
    ),
    413: Problem(
        "That is too large",
        "What you sent is larger than this service takes.",
        "Go back, make it shorter or choose fewer or smaller files, and try again.",
    ),
    429: Problem(
        "Too many tries",
        "There were too many tries from your network in the last minute.",
        "Wait a minute, then try again.",
    ),
    500: Problem(
        "Sorry, there is a problem with the service",
        "Something went wrong on our side. It has been noted.",
        "Try again in a moment. If it happens again, tell an administrator what you were doing.",
    ),
}


def install(app: Flask) -> None:
    app.register_error_handler(CSRFError, lambda _fault: page(400))
    app.register_error_handler(StaleDataError, lambda _fault: page(409))
    app.register_error_handler(IllegalMove, lambda fault: page(409, str(fault)))
    app.register_error_handler(HTTPException, _of_http)
    app.register_error_handler(HelpdeskError, _of_house)
    # Not InternalServerError: Flask itself would log the exception with its text first.
    app.register_error_handler(Exception, _of_defect)


def page(code: int, what: str = "") -> Answer:
    """The page of a problem; `what` replaces its sentence where we know better."""
    problem = PROBLEMS.get(code) or PROBLEMS[500 if code >= 500 else 400]
    return render_template(
        "layout/problem.jinja", problem=problem, what=what or problem.what, code=code
    ), code


def _of_http(fault: HTTPException) -> Answer:
    return page(fault.code or 500)


def _of_house(fault: HelpdeskError) -> Answer:
    """Our own faults say what, where and what to do, without content; a stranger is not told of our insides."""
    log.error("%s at %s: %s", type(fault).__name__, request.endpoint, fault)
    return page(500, str(fault) if g.get("user") else "")


def _of_defect(fault: Exception) -> Answer:
    """The kind and the place only: an exception's text or a traceback's values may hold content of a mail."""
    log.error("%s at %s, in %s", type(fault).__name__, request.endpoint, _place(fault))
    return page(500)


def _place(fault: BaseException) -> str:
    """Files and lines of the traceback, innermost last."""
    lines, step = [], fault.__traceback__
    while step:
        lines.append(f"{step.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{step.tb_lineno}")
        step = step.tb_next
    return " > ".join(lines[-6:])
