"""The command line: one file a command group. `main` is what the `helpdesk` program runs."""

from helpdesk.cli.root import main

__all__ = ["main"]
