"""Held mails, for information governance officers."""
