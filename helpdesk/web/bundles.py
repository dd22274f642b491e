"""The built styles and scripts, under names that carry their content's hash."""

import json
from functools import cache
from pathlib import Path

from flask import Blueprint, send_from_directory, url_for
from werkzeug.wrappers import Response

from helpdesk.errors import HelpdeskError
from helpdesk.web.access import public

STATIC = Path(__file__).parent / "static"
A_YEAR = 31_536_000
A_DAY = 86_400

blueprint = Blueprint("bundles", __name__)


class AssetsMissing(HelpdeskError):
    """The styles and scripts are not built."""


@cache
def manifest() -> dict[str, str]:
    """Plain names to hashed names. Raises AssetsMissing."""
    try:
        names: dict[str, str] = json.loads((STATIC / "manifest.json").read_text())
    except FileNotFoundError:
        raise AssetsMissing(
            "The web assets are not built; run `make run`, or `.venv/bin/python tools/assets.py`."
        ) from None
    return names


def asset(name: str) -> str:
    """The address of a built file, or of an image under `images/`."""
    return url_for("bundles.serve", name=manifest().get(name, name))


@blueprint.get("/assets/<path:name>")
@public("styles, scripts and icons hold nothing of anybody", knows_who=False)
def serve(name: str) -> Response:
    if name.startswith(".") or name == "manifest.json":
        return Response(status=404)
    answer = send_from_directory(STATIC, name)
    hashed = name in manifest().values()
    answer.cache_control.no_cache = None
    answer.cache_control.public = True
    answer.cache_control.max_age = A_YEAR if hashed else A_DAY
    answer.cache_control.immutable = hashed
    return answer
