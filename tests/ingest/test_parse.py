"""What parsing promises, mail by mail."""

import base64
from datetime import UTC, datetime

import pytest

from helpdesk.ingest.parse import ParseError, parse
from tests.ingest.mails import mail


def b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_an_ordinary_mail_is_read_whole() -> None:
    email = parse(
        mail("Cc: Ann <ann@x.org>\nIn-Reply-To: <p@x>\nReferences: <o@x>\n <p@x>\nReturn-Path: <Priya@X.org>")
    )
    assert email.from_address == "priya.venkat@northmoor.nhs.uk"
    assert email.from_name == "Priya Venkat"
    assert email.to == (("", "servicedesk@northmoor.nhs.uk"),)
    assert email.cc == (("Ann", "ann@x.org"),)
    assert email.subject == "Printer"
    assert email.message_id == "<a1.7f3a@mail.example.org>"
    assert email.in_reply_to == ("<p@x>",)
    assert email.references == ("<o@x>", "<p@x>")
    assert email.return_path == "priya@x.org"
    assert email.date == datetime(2026, 3, 3, 10, 15, tzinfo=UTC)
    assert email.text == "The printer is not working."
    assert (email.defects, email.flags, email.unreadable) == ((), (), ())


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n", b"hello", bytes(range(256)) * 40, b"Note: this\n\nis no mail\n"]
)
def test_what_is_no_mail_is_refused_in_a_sentence(raw: bytes) -> None:
    with pytest.raises(ParseError, match="no mail"):
        parse(raw)


FROM = [
    ("Ann <ann@x.org>", "ann@x.org", "Ann"),
    ("ANN@X.ORG", "ann@x.org", ""),
    (
        '"jane.agent@northmoor.nhs.uk" <attacker@evil.example>',
        "attacker@evil.example",
        "jane.agent@northmoor.nhs.uk",
    ),
    ("jane.agent@northmoor.nhs.uk <attacker@evil.example>", "attacker@evil.example", None),
    ("=?utf-8?q?J=C3=B6rg?= <j@x.org>", "j@x.org", "Jörg"),
    ("=?utf-8?q?a=40b=2Eorg_=3C?= <j@x.org>", "j@x.org", None),
    ("Undisclosed:;", "", None),
    ("=?utf-8?b?QQ?= <ann@x.org>", "ann@x.org", "A"),  # base64 without its padding
    ("=?utf-8?b?QQ?= =?utf-8?q?=3Cb=40c=2Eorg=3E=22?= <ann@x.org>", "ann@x.org", None),
    ("", "", ""),
    ("x@münchen.example", "x@xn--mnchen-3ya.example", ""),
    ("J\u00f6rg <j@x.org>", "j@x.org", "Jörg"),
    ("Smith, Ann <ann@x.org>", "ann@x.org", None),
    ("Ann (Ward 7 <ann@x.org>", "ann@x.org", None),
    ("a@x.org <b@x.org> <c@x.org>", "", None),
    ("no address at all", "", "no address at all"),
    ("<" + "a" * 400 + "@x.org>", "", None),
]


@pytest.mark.parametrize(("header", "address", "name"), FROM)
def test_the_sender_is_the_mailbox_and_never_the_display_name(
    header: str, address: str, name: str | None
) -> None:
    email = parse(mail(f"From: {header}"))
    assert email.from_address == address
    assert name is None or email.from_name == name


def test_several_from_are_told() -> None:
    assert "several-from" in parse(mail("From: a@x.org\nFrom: b@y.org")).defects
    assert "several-from" in parse(mail("From: a@x.org, b@y.org")).defects


SUBJECTS = [
    ("plain", "plain"),
    ("=?utf-8?b?8J+WqO+4jw==?= printer", "🖨️ printer"),
    ("=?utf-8?q?caf=C3?= =?utf-8?q?=A9?=", "café"),  # cut inside a character
    ("=?iso-8859-1?q?caf=E9?= =?utf-8?q?_bar?=", "café bar"),
    ("=?x-nowhere?q?caf=C3=A9?=", "café"),
    ("=?utf-8?b?not base64!?=", None),
    ("=?utf-8?Q?Hello=0D=0ABcc:_victim@example.com?=", "Hello Bcc: victim@example.com"),
    ("raw café", "raw café"),
    ("=?utf-8?q?nul=00_and_=ED=A0=80?=", None),
    ("=?punycode?q?abc-?=", None),
    ("folded\n  subject", "folded subject"),
]


@pytest.mark.parametrize(("header", "subject"), SUBJECTS)
def test_subjects_are_decoded_on_one_line(header: str, subject: str | None) -> None:
    read = parse(mail(f"Subject: {header}")).subject
    assert subject is None or read == subject
    assert not {"\r", "\n", "\0"} & set(read)
    read.encode()


def test_encoded_words_stay_closed_in_headers_that_machines_read() -> None:
    value = 'mx.x; spf=fail reason="=?utf-8?q?=22=3B_dmarc=3Dpass?="'
    assert parse(mail(f"Authentication-Results: {value}")).header("authentication-results") == value


def test_latin_1_in_a_subject_is_not_lost() -> None:
    assert parse(mail().replace(b"Subject: Printer", b"Subject: caf\xe9")).subject == "café"


CHARSETS = [
    ("utf-8", "£5 café".encode(), "£5 café", ""),
    ("us-ascii", "£5 café".encode(), "£5 café", ""),
    ("us-ascii", b"\xa35 caf\xe9", "£5 café", "charset-was-windows-1252"),
    ("iso-8859-1", "£5 café".encode(), "£5 café", "charset-was-utf-8"),
    ("iso-8859-1", b"\x935 caf\xe9\x94", "“5 café”", ""),
    ("iso-8859-15", b"\xa45", "€5", ""),
    ("x-nowhere", "£5".encode(), "£5", "charset-unknown"),
    ("", b"\xa35 caf\xe9 and so on and on", "£5 café and so on and on", "charset-unknown"),
    ("utf-16", "£5".encode("utf-16"), "£5", ""),
    ("gb2312", "网络".encode("gb18030"), "网络", ""),
    ("shift_jis", "プリンタ".encode("cp932"), "プリンタ", ""),
    ("iso-2022-jp", "プリンタ".encode("iso-2022-jp"), "プリンタ", ""),
    ("utf-7", b"+AKM-5", "£5", ""),
    ("undefined", "£5".encode(), "£5", "charset-unknown"),
    ("base64", "£5".encode(), "£5", "charset-unknown"),
    ("utf-8", "\ufeff£5".encode(), "£5", ""),
    ("us-ascii", b"7\x006\x003", "763", "unstorable-characters"),
]


@pytest.mark.parametrize(("charset", "data", "text", "mended"), CHARSETS)
def test_text_is_decoded_whatever_the_charset_claims(
    charset: str, data: bytes, text: str, mended: str
) -> None:
    label = f"; charset={charset}" if charset else ""
    email = parse(mail(f"Content-Type: text/plain{label}\nContent-Transfer-Encoding: base64", b64(data)))
    assert email.text == text
    assert not mended or mended in email.defects


def test_text_that_nobody_can_say_how_to_read_is_held() -> None:
    email = parse(
        mail(
            "Content-Type: text/plain; charset=x-nowhere\nContent-Transfer-Encoding: base64",
            b64("принтер".encode("koi8-r")),
        )
    )
    assert email.unreadable == (("text:1", "unknown character set"),)


BASE64 = [
    (b64(b"Patient X"), "Patient X"),
    (b64(b"Patient ") + "\n" + b64(b"X"), "Patient X"),  # padded in the middle, to hide the rest
    (b64(b"Patient X").rstrip("="), "Patient X"),
    (b64(b"Patient XY") + "\n\n-- \nList footer with words", "Patient XY"),
]


@pytest.mark.parametrize(("body", "text"), BASE64)
def test_damaged_base64_is_read_to_its_end(body: str, text: str) -> None:
    email = parse(mail("Content-Type: text/plain\nContent-Transfer-Encoding: base64", body))
    assert email.text.startswith(text)
    assert ("footer" in body) == ("List footer with words" in email.text)


def test_quoted_printable_and_flowed_text_are_made_whole() -> None:
    email = parse(
        mail(
            "Content-Type: text/plain; format=flowed; delsp=no\nContent-Transfer-Encoding: quoted-printable",
            "NHS number 763=20\n144=20\n0212\n> quoted=20\n> on\n--=20\nPriya",
        )
    )
    assert email.text == "NHS number 763 144 0212\n> quoted on\n-- \nPriya"


# Broken headers


@pytest.mark.parametrize(
    "before", [b"\xef\xbb\xbf", b"From priya@x Tue Mar  3 10:15:00 2026\n", b">From x\r\n", b"\r\n\r\n"]
)
def test_what_stands_before_the_headers_is_passed_over(before: bytes) -> None:
    assert parse(before + mail()).from_address == "priya.venkat@northmoor.nhs.uk"


def test_a_line_that_is_no_header_does_not_end_the_headers() -> None:
    email = parse(
        b"Subject: x\r\nthis is no header\r\nFrom: a@x.org\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>"
    )
    assert (email.from_address, email.html) == ("a@x.org", "<p>Hi</p>")
    assert "line-in-headers" in email.defects


def test_a_body_without_a_blank_line_before_it_is_kept() -> None:
    assert "The printer is broken" in parse(b"From: a@x.org\nSubject: x\nThe printer is broken\n").text


def test_a_bare_carriage_return_begins_no_header() -> None:
    email = parse(b"From: a@x.org\r\nSubject: x\rAuthentication-Results: mx; dmarc=pass\r\n\r\nHi")
    assert email.header("authentication-results") == ""
    assert "\r" not in email.subject


def test_a_mail_with_the_line_ends_of_old_macs_is_read() -> None:
    assert parse(mail().replace(b"\r\n", b"\r")).text == "The printer is not working."


@pytest.mark.parametrize(
    "date", ["Foo, 99 Xyz 20026 77:88:99 +9999", "", "yesterday", "Tue, 31 Feb 2026 10:00:00 +0000"]
)
def test_a_date_that_is_none_is_none(date: str) -> None:
    assert parse(mail(f"Date: {date}")).date is None


IDS = [
    ("<a@x> <b@y>", ("<a@x>", "<b@y>")),
    ("a@x", ("<a@x>",)),
    ("Your message of Tue <a@x>", ("<a@x>",)),
    ("<a@\n x>", ("<a@x>",)),
    ("", ()),
    ("<a@x> <a@x>", ("<a@x>",)),
    ("<>", ()),
]


@pytest.mark.parametrize(("header", "ids"), IDS)
def test_message_ids_are_read_from_folded_and_old_headers(header: str, ids: tuple[str, ...]) -> None:
    assert parse(mail(f"References: {header}")).references == ids


@pytest.mark.parametrize(
    ("header", "path"), [("<>", ""), ("<A@x.org>", "a@x.org"), ("", None), ("junk", None)]
)
def test_the_null_return_path_is_told_from_an_unknown_one(header: str, path: str | None) -> None:
    assert parse(mail(f"Return-Path: {header}")).return_path == path


def test_a_subject_of_a_megabyte_is_kept_whole() -> None:
    assert len(parse(mail("Subject: " + "A" * 1_000_000)).subject) == 1_000_000


def test_nothing_of_a_mail_shows_in_its_repr() -> None:
    email = parse(mail("Subject: canary-7", "canary-8"))
    assert "canary" not in repr(email)
