"""Redaction of texts and files by findings."""
