"""What parsing promises of the parts of a mail: its texts, its files, and what nobody can read."""

import base64
import binascii

import pytest

from helpdesk.ingest.parse import parse, text_of
from tests.ingest.mails import mail, multipart


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


# Structure


def test_each_inline_text_is_in_the_text_that_is_read() -> None:
    email = parse(multipart("mixed", "Content-Type: text/plain\n\nHi", "Content-Type: text/plain\n\nsecond"))
    assert email.text == "Hi\n\nsecond"
    assert [part.text for part in email.parts] == ["Hi", "second"]


def test_alternatives_that_say_different_things_are_told() -> None:
    plain = "Content-Type: text/plain\n\nPlease order five new keyboards for the ward"
    same = "Content-Type: text/html\n\n<p>Please <b>order</b> five new keyboards for the ward</p>"
    other = "Content-Type: text/html\n\n<p>The scanner cannot reach any network since Tuesday</p>"
    assert parse(multipart("alternative", plain, same)).flags == ()
    differing = parse(multipart("alternative", plain, other))
    assert differing.flags == ("alternatives-differ",)
    assert "keyboards" in differing.text
    assert "scanner" in differing.html


def test_a_mail_of_html_alone_has_words() -> None:
    email = parse(mail("Content-Type: text/html", "<p>Printer <b>broken</b></p>"))
    assert email.text == ""
    assert text_of(email).split() == ["Printer", "broken"]


def test_the_whole_body_is_text_when_no_boundary_is_said() -> None:
    email = parse(mail("Content-Type: multipart/mixed", "The printer on Ward 7B"))
    assert email.text == "The printer on Ward 7B"


def test_a_boundary_that_is_not_said_is_found() -> None:
    part = f"--xx\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n{b64(b'secret')}\n--xx--\n"
    for said in ("multipart/mixed", 'multipart/mixed; boundary="other"'):
        email = parse(mail(f"Content-Type: {said}", part))
        assert email.text == "secret"
        assert "boundary-guessed" in email.defects


def test_text_before_and_after_the_parts_is_not_lost() -> None:
    raw = (
        multipart("mixed", "Content-Type: text/plain\n\nHi").replace(
            b"--cut\r\n", b"Patient X\r\n--cut\r\n", 1
        )
        + b"DOB Y\r\n"
    )
    email = parse(raw)
    assert {part.text.strip() for part in email.parts} == {"Patient X", "Hi", "DOB Y"}
    assert "text-outside-parts" in email.defects


def test_the_usual_preamble_is_not_shown() -> None:
    raw = multipart("mixed", "Content-Type: text/plain\n\nHi")
    raw = raw.replace(b"--cut\r\n", b"This is a multi-part message in MIME format.\r\n--cut\r\n", 1)
    assert parse(raw).text == "Hi"


def test_a_part_without_headers_or_blank_line_keeps_its_words() -> None:
    email = parse(multipart("mixed", "Patient: X\nBorn: Y\n\nmore"))
    assert "Patient: X" in email.text
    assert "Born: Y" in email.text


def test_a_nested_mail_is_one_part_with_its_own_bytes() -> None:
    inner = 'From: a@x.org\nSubject: inner\nContent-Type: multipart/mixed; boundary="in"\n\n--in\n\nsecret\n--in--'
    email = parse(
        multipart("mixed", "Content-Type: text/plain\n\nHi", f"Content-Type: message/rfc822\n\n{inner}")
    )
    assert email.text == "Hi"
    assert email.parts[1].media_type == "message/rfc822"
    assert email.parts[1].data == inner.replace("\n", "\r\n").encode()
    assert email.parts[1].attachment


def test_parts_of_a_digest_are_mails() -> None:
    email = parse(multipart("digest", "\nFrom: a@x.org\nSubject: one\n\nbody"))
    assert email.parts[0].media_type == "message/rfc822"


def test_too_deep_and_too_many_count_as_unread_with_their_bytes_kept() -> None:
    deep = "Content-Type: text/plain\n\nsecret\n"
    for level in range(60):
        deep = f'Content-Type: multipart/mixed; boundary="b{level}"\n\n--b{level}\n{deep}\n--b{level}--\n'
    email = parse(mail().split(b"\r\n\r\n")[0] + b"\r\n" + deep.encode())
    assert [why for _, why in email.unreadable] == ["too deep"]
    assert b"secret" in email.parts[0].data
    many = parse(multipart("mixed", *["Content-Type: text/plain\n\nx"] * 1_200))
    assert [why for _, why in many.unreadable] == ["too many parts"]
    assert len(many.parts) == 1_001


def test_an_encoded_multipart_is_opened() -> None:
    inner = "--cut\nContent-Type: text/plain\n\nhidden\n--cut--\n"
    headers = 'Content-Type: multipart/mixed; boundary="cut"\nContent-Transfer-Encoding: base64'
    assert parse(mail(headers, b64(inner.encode()))).text == "hidden"


# Files


def attached(disposition: str, content_type: str = "application/pdf", body: str = "x") -> bytes:
    part = f"Content-Type: {content_type}\nContent-Disposition: {disposition}\n\n{body}"
    return multipart("mixed", "Content-Type: text/plain\n\nHi", part)


NAMES = [
    ('attachment; filename="a.pdf"', "a.pdf"),
    ('attachment; filename="../../etc/passwd"', "passwd"),
    ('attachment; filename="C:\\\\Users\\\\x\\\\a.pdf"', "a.pdf"),
    ("attachment; filename*=utf-8''a%0D%0ASet-Cookie:%20x=1.txt", "a Set-Cookie: x=1.txt"),
    ("attachment; filename*0=lo; filename*1=ng.pdf", "long.pdf"),
    ("attachment; filename*=iso-8859-1''caf%E9.pdf", "café.pdf"),
    ('attachment; filename="=?utf-8?q?caf=C3=A9=2Epdf?="', "café.pdf"),
    ('attachment; filename="café.pdf"', "café.pdf"),
    ('attachment; filename="a\u202efdp.exe"', "afdp.exe"),
    ('attachment; filename=".."', ""),
    ("attachment; filename*=x-nowhere''a.pdf", "a.pdf"),
    ("attachment; filename*=utf-8'a.pdf", None),
    ("attachment; filename*x=1; filename*1*=%", None),
    ('attachment; filename="' + "a" * 500 + '.pdf"', "a" * 196 + ".pdf"),
]


@pytest.mark.parametrize(("disposition", "name"), NAMES)
def test_file_names_are_base_names_on_one_line(disposition: str, name: str | None) -> None:
    part = parse(attached(disposition)).parts[1]
    assert part.attachment
    assert part.data == b"x"
    assert name is None or part.file_name == name


def test_files_of_one_name_are_kept_apart() -> None:
    part = 'Content-Type: text/plain\nContent-Disposition: attachment; filename="a.txt"\n\nv'
    email = parse(multipart("mixed", part + "0", part + "1", part + "2"))
    assert [one.file_name for one in email.parts] == ["a.txt", "a (2).txt", "a (3).txt"]
    assert [one.data for one in email.parts] == [b"v0", b"v1", b"v2"]
    assert email.text == ""


TYPES = [
    ("text/plain\0", "text/plain"),
    ("TEXT/Plain", "text/plain"),
    ("text", "text/plain"),
    ("a/b/c", "text/plain"),
    ("image/\u202egnp", "image/gnp"),
    ("x" * 300 + "/y", "application/octet-stream"),
]


@pytest.mark.parametrize(("said", "kind"), TYPES)
def test_media_types_are_tokens(said: str, kind: str) -> None:
    parts = parse(multipart("mixed", "Content-Type: text/plain\n\nHi", f"Content-Type: {said}\n\nx")).parts
    assert parts[1].media_type == kind


def test_an_inline_image_keeps_its_content_id() -> None:
    part = "Content-Type: image/png\nContent-ID: <logo@x>\nContent-Disposition: inline\n\nPNG"
    image = parse(multipart("related", "Content-Type: text/html\n\n<img src='cid:logo@x'>", part)).parts[1]
    assert (image.content_id, image.inline, image.data) == ("logo@x", True, b"PNG")


def test_bytes_that_claim_to_be_text_are_a_file() -> None:
    email = parse(
        mail("Content-Type: text/plain\nContent-Transfer-Encoding: base64", b64(bytes(range(256)) * 4))
    )
    assert email.text == ""
    assert email.parts[0].data == bytes(range(256)) * 4


def test_text_that_claims_to_be_bytes_is_the_body_when_it_is_all_there_is() -> None:
    email = parse(
        mail("Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64", b64(b"Patient X"))
    )
    assert email.text == "Patient X"


def test_uuencoded_files_in_a_text_become_parts() -> None:
    data = bytes(range(200))
    lines = [binascii.b2a_uu(data[i : i + 45]).decode().rstrip("\n") for i in range(0, len(data), 45)]
    body = "\n".join(["See file.", "begin 644 ../scan.bin", *lines, "`", "end", "Bye."])
    email = parse(mail(body=body))
    assert [(part.file_name, part.data) for part in email.parts if part.data] == [("scan.bin", data)]
    assert email.text.split() == ["See", "file.", "Bye."]
    assert "begin 644" in parse(mail(body="begin 644 the work\nwith care\nend")).text


def test_signed_mail_is_read_and_its_signature_is_no_document() -> None:
    p7s = 'Content-Type: application/pkcs7-signature; name="smime.p7s"\nContent-Transfer-Encoding: base64\n\nMIIB'
    email = parse(multipart("signed", "Content-Type: text/plain\n\nHi", p7s))
    assert (email.text, email.flags) == ("Hi", ("signed",))
    assert not email.parts[1].attachment
    pgp = parse(mail(body="-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nHi"))
    assert pgp.flags == ("signed",)


ENCRYPTED = [
    multipart(
        "encrypted",
        "Content-Type: application/pgp-encrypted\n\nVersion: 1",
        "Content-Type: application/octet-stream\n\n-----BEGIN PGP MESSAGE-----\nabc",
    ),
    mail(
        "Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name=smime.p7m\nContent-Transfer-Encoding: base64",
        "MIIB",
    ),
    mail(
        "Content-Type: application/x-pkcs7-mime\nContent-Transfer-Encoding: base64",
        b64(bytes.fromhex("3082010006092a864886f70d010703")),
    ),
    mail(body="-----BEGIN PGP MESSAGE-----\n\nabc\n-----END PGP MESSAGE-----"),
]


@pytest.mark.parametrize("raw", ENCRYPTED)
def test_encrypted_content_is_unreadable_and_told(raw: bytes) -> None:
    email = parse(raw)
    assert {why for _, why in email.unreadable} == {"encrypted"}
    assert "encrypted" in email.flags


@pytest.mark.parametrize(
    ("content_type", "flag"),
    [
        ("text/calendar; method=REQUEST", "calendar"),
        ("application/ms-tnef; name=winmail.dat", "tnef"),
        ("application/pkcs7-mime; smime-type=signed-data", "signed"),
    ],
)
def test_special_parts_are_files_and_told(content_type: str, flag: str) -> None:
    email = parse(multipart("mixed", f"Content-Type: {content_type}\n\nx"))
    assert flag in email.flags
    assert (email.parts[0].attachment, email.parts[0].data, email.unreadable) == (True, b"x", ())


@pytest.mark.parametrize(
    "content_type", ["message/partial; id=x; number=1", "message/external-body; access-type=URL"]
)
def test_what_is_elsewhere_counts_as_unread(content_type: str) -> None:
    assert len(parse(mail(f"Content-Type: {content_type}", "From: a@x.org\n\nx")).unreadable) == 1


def test_reports_for_machines_are_parts_and_no_files() -> None:
    email = parse(
        multipart(
            "report",
            "Content-Type: text/plain\n\nfailed",
            "Content-Type: message/delivery-status\n\nAction: failed",
        )
    )
    assert email.parts[1].text == "Action: failed"
    assert not email.parts[1].attachment
