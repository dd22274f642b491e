"""Whether the service is well, for monitors."""
