"""/healthz: 200 when the database answers, 503 when it does not. Says nothing else."""

from flask import Blueprint, Response
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from helpdesk.db import reading
from helpdesk.web.access import public
from helpdesk.web.site import site

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@public("monitors do not sign in, and the answer is one word", knows_who=False)
def healthz() -> Response:
    try:
        with reading(site().services.sessions) as session:
            session.execute(text("SELECT 1"))
    except (SQLAlchemyError, OSError):
        return Response("database unreachable\n", status=503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")
