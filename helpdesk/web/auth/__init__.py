"""Sign-in, sign-out, sessions, passwords."""
