"""Tables: what the headers say together of the rows, and what of the rows then counts."""

import pytest

from helpdesk.pii.recognizers.coded import CodedCategory
from helpdesk.pii.recognizers.table import TableColumns


def found(text: str) -> set[tuple[str, str]]:
    return {
        (one.entity_type, text[one.start : one.end])
        for one in TableColumns().analyze(text, [])
        if one.score >= 0.6
    }


OF_PEOPLE = [
    ("learner;sortcode;accountno\nPham, Thanh;71-26-11;50669506", ("BANK_ACCOUNT", "50669506")),
    ("Staff\tUnion\tAmount\nAnn Lee\tUNISON\t14.20", ("SPECIAL_CODE", "UNISON")),
    ("Name | Ethnic | Relig | SexOr\nAnn Lee | A | C | G", ("SPECIAL_CODE", "G")),
    ("Payroll No,Community Background\n12345678,Catholic", ("SPECIAL_CODE", "Catholic")),
    ("Item      Loaned to     Address\nHoist     Ann Lee     5 Kirk Wynd", ("ADDRESS", "5 Kirk Wynd")),
    ("Site,PatSurname,PatDOB\nTB1,Oakden,09/10/1960", ("DATE_OF_BIRTH", "09/10/1960")),
    ("site;name;dob;address\nTB1;Ann Lee;09/10/1960;5 Kirk Wynd", ("ADDRESS", "5 Kirk Wynd")),
]
OF_OTHERS = [
    "code;site;address;postcode\nTB1;Health Hub;14 Cinder Lane;TB2 4QQ",
    "Practice|Address|Postcode|Manager\nShore Brae|19 Shore Brae|KB3 2QW|Ann Lee",
    "point,street,town,postcode\nPharmacy,Cinder Lane,Tarnbeck,TB2 4QQ",
    "Supplier|Contact|Sort|Account\nKestrel Ltd|Ann Lee|20-11-22|43698889",
    "Name|Sort|Account\nKestrel Hoists Ltd|20-11-22|43698889",
    "name,account,email\nAnn Lee,12345678,ann@northmoor.nhs.uk",
    "Faith | Chaplain | Bleep\nMuslim | Imam Ann Lee | 4471",
    "Field | Code | Meaning\nReligion | C | Christian",
    "Name;Equality;Disability awareness\nAnn Lee;12/05/2026;Y",
    "Name | Religion | Disability\nAnn Lee | not stated | N",
]


@pytest.mark.parametrize(("text", "expected"), OF_PEOPLE)
def test_a_cell_of_somebodys_row_is_found(text: str, expected: tuple[str, str]) -> None:
    assert expected in found(text)


@pytest.mark.parametrize("text", OF_OTHERS)
def test_rows_of_sites_suppliers_accounts_and_codes_are_left(text: str) -> None:
    assert {
        one for one in found(text) if one[0] in ("ADDRESS", "POSTCODE", "BANK_ACCOUNT", "SPECIAL_CODE")
    } == set()


@pytest.mark.parametrize(
    ("text", "tells"),
    [
        ("The article 55 extract has the codes swapped: Colm Devlin is down as P", True),
        ("equality monitoring: Wing-Yan Lo has a 3 and should not", True),
        ("WRES upload: Ann Lee should be recorded as B", True),
        ("Ann Lee is down as P on the rota", False),
        ("equality training: Ann Lee is marked as A", False),
        ("the equality return has code 3 for all", False),
    ],
)
def test_a_code_beside_a_name_tells_where_the_text_is_on_such_a_return(text: str, tells: bool) -> None:
    assert bool(CodedCategory().analyze(text, [])) is tells
