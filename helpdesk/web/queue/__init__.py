"""The list of tickets that an agent works from."""
