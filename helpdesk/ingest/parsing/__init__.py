"""Bytes of a mail in, an `Email` out. `helpdesk.ingest.parse` is the door to this room.

What comes from which library, and why:

- mail-parser reads the address headers and the date: it recovers mailboxes from broken
  phrases by structure, never by searching a display name, and reads obsolete dates.
- The standard library reads MIME parameters (RFC 2231) and transfer encodings.
- Ours are the two cuts, headers from body and part from part, and the choice of charset:
  mail-parser flattens nested mails, drops undecodable bytes and delivery reports; the
  standard parser rebuilds a nested mail instead of handing over its bytes, and its time
  grows with depth times size. Both lose what a scanner must see.
"""
