"""The demo: an embedded mail server, people and tickets to look at, and a page to be an end user.

Mounted and started in demo mode only; nothing of the service imports it.
"""
