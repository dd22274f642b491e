"""The application: its parts put together. waitress serves what `create_app` returns."""

from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChainableUndefined, ChoiceLoader, FileSystemLoader, PackageLoader
from werkzeug.middleware.proxy_fix import ProxyFix

from helpdesk.ingest.pipeline import Pipeline
from helpdesk.services import Services
from helpdesk.web import access, bundles, problems, security, shown, start, uploads
from helpdesk.web.admin import alarms, audit, failed, mailboxes, outbox, stopped, texts, users
from helpdesk.web.auth import pace
from helpdesk.web.auth import views as auth
from helpdesk.web.health import views as health
from helpdesk.web.matching import views as matching
from helpdesk.web.quarantine import views as quarantine
from helpdesk.web.queue import views as queue
from helpdesk.web.reactivate import views as reactivate
from helpdesk.web.site import EXTENSION, Site
from helpdesk.web.ticket import acts, files, joining, persons, replies, reporting
from helpdesk.web.ticket import views as ticket

HERE = Path(__file__).parent
AREAS = (
    start, bundles, health, auth, queue, ticket, acts, replies, files, joining, persons, reporting, matching,
    quarantine, reactivate, users, mailboxes, failed, outbox, stopped, alarms, texts, audit,
)  # fmt: skip
LARGEST_FORM = 2 * 2**20
SIGN_INS_A_MINUTE = 120  # from one network address, which may be a whole hospital's


def create_app(services: Services, pipeline: Pipeline) -> Flask:
    """The pages of one service. Raises UnmarkedRoute when a view does not say who may use it."""
    app = Flask("helpdesk.web", root_path=str(HERE), static_folder=None)
    site = Site(services, pipeline)
    app.extensions[EXTENSION] = site
    app.extensions[auth.PACE] = pace.Pace(SIGN_INS_A_MINUTE)
    _configure(app, site)
    _set_templates(app)
    app.before_request(access.guard)  # before CSRF, so that who may not use a page learns nothing of its form
    uploads.install(app)  # after it and before CSRF, which reads the form
    CSRFProtect(app)
    for area in AREAS:
        app.register_blueprint(area.blueprint)
    security.install(app, site)
    problems.install(app)
    shown.install(app, site)
    access.check_all_marked(app)
    return app


def _configure(app: Flask, site: Site) -> None:
    app.config.update(
        SECRET_KEY=site.services.vault.signing_key("web"),
        SESSION_COOKIE_NAME="__Host-helpdesk" if site.is_https else "helpdesk",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=site.is_https,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=site.settings.periods.session_hours),
        MAX_CONTENT_LENGTH=LARGEST_FORM,
        MAX_FORM_MEMORY_SIZE=LARGEST_FORM,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: a long reply must not be lost
    )
    proxies = site.settings.web.trusted_proxies
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)  # type: ignore[method-assign]  # as Flask's documentation does


def _set_templates(app: Flask) -> None:
    app.jinja_options = {
        "undefined": ChainableUndefined,  # what nhsuk-frontend-jinja's macros need
        "loader": ChoiceLoader([FileSystemLoader(HERE), PackageLoader("nhsuk_frontend_jinja")]),
        "autoescape": True,
        "trim_blocks": True,
        "lstrip_blocks": True,
    }
