"""Signatures on what goes out: S/MIME on the content, DKIM on the whole mail, made as the last thing before it is sent."""
