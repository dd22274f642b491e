"""Small mails for tests: headers as they stand in a mail, and a body."""


def mail(headers: str = "", body: str = "The printer is not working.") -> bytes:
    """A mail of Priya's to the desk; a header given here replaces the usual one of its name."""
    given = [line for line in headers.strip("\n").split("\n") if line]
    names = {line.partition(":")[0].lower() for line in given if not line.startswith((" ", "\t"))}
    usual = {
        "From": "Priya Venkat <priya.venkat@northmoor.nhs.uk>",
        "To": "servicedesk@northmoor.nhs.uk",
        "Subject": "Printer",
        "Date": "Tue, 03 Mar 2026 10:15:00 +0000",
        "Message-ID": "<a1.7f3a@mail.example.org>",
    }
    kept = [f"{name}: {value}" for name, value in usual.items() if name.lower() not in names]
    return "\r\n".join([*given, *kept, "", *body.split("\n")]).encode("utf-8", "surrogateescape")


def multipart(kind: str, *parts: str, headers: str = "") -> bytes:
    """A multipart mail; each part is its headers, a blank line and its body."""
    body = "".join(f"--cut\n{part}\n" for part in parts) + "--cut--\n"
    content_type = f'Content-Type: multipart/{kind}; boundary="cut"'
    return mail(f"{headers}\nMIME-Version: 1.0\n{content_type}".strip(), body)
