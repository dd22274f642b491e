"""Tokens for signing in to mail servers (OAuth 2.0): asked for, kept sealed, renewed early."""
