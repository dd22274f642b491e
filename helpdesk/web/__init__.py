"""Everything a browser sees."""

from helpdesk.web.app import create_app

__all__ = ["create_app"]
