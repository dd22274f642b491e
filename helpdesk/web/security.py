"""Headers that keep pages from running or loading what is not ours, and from being kept."""

import secrets

from flask import Flask, g
from werkzeug.wrappers import Response

from helpdesk.web.site import Site

HSTS = "max-age=31536000; includeSubDomains"
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not no-referrer: Flask-WTF compares the referrer with the host on https.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def install(app: Flask, site: Site) -> None:
    @app.after_request
    def add_headers(answer: Response) -> Response:
        answer.headers.setdefault("Content-Security-Policy", policy(nonce()))
        answer.headers.setdefault("Cache-Control", "no-store")
        for name, value in HEADERS.items():
            answer.headers.setdefault(name, value)
        if site.is_https:
            answer.headers.setdefault("Strict-Transport-Security", HSTS)
        return answer

    app.jinja_env.globals["csp_nonce"] = nonce


def nonce() -> str:
    """One for each answer; on the page's script tags and in its policy."""
    if "nonce" not in g:
        g.nonce = secrets.token_urlsafe(16)
    return str(g.nonce)


def policy(once: str) -> str:
    """Everything from this host, scripts by nonce; no frame, no plug-in, no other host, no inline handler."""
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'nonce-{once}'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ]
    )
