"""Records in odd carriers: zones that machines read, rows of an equality form, key safes, names with genes."""

import pytest

from helpdesk.pii.recognizers.coded import CodedCategory
from helpdesk.pii.recognizers.documents_of_identity import IdentityDocument
from helpdesk.pii.recognizers.genes import GeneResult
from helpdesk.pii.recognizers.structured import StructuredData
from helpdesk.pii.recognizers.table import TableColumns

PASSPORTS = [
    "the scanner gives\nP<GBRQUARSHIE<<BENEDICTA<ELORM<<<<<<<<<<<<<<\n9920041675GBR9107148F3102113<<<<<<<<<<<<<<06",
    "second line is refused: X12345678<IND8503127M2901018<<<<<<<<<<<<<<08",
    "PNPOLKOWALSKA<<ANNA<<<<<<<<<<<<<<<<<<<<<<<<<<",
    "her old card:\nI<ROUSK123456<4<<<<<<<<<<<<<<<\n8001014F2506012ROU<<<<<<<<<<<6",
    "permit: IRGBRRA12345678<<<<<<<<<<<<<<<\n8606150F2912315GHA<<<<<<<<<<<4",
    "D<<MUELLER<<EVA is not it, P<D<<MUELLER<<EVA<<<<<<<<<<<<<<<<<<<<<<<<<<< is",
]
NO_PASSPORTS = [
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "the specimen from the maker: X12345678<IND8503127M2901018<<<<<<<<<<<<<<08",
    "HEAD\n<<<<<<< HEAD\n======= conflict in P<GBR>\n>>>>>>> main 1234567",
    "cout << 1234567890 << name << endl;",
    "press << BACK or >> NEXT, error 9920041675",
    "BEGIN<<<<<<<<<<<<<<<<<<<<<<<<<<<<END",
    "MENU<<SETUP<<PRINTER<<<<",
    "cat <<EOF\nASSET12345678\nEOF",
]
ROWS = [
    "Ann Katz | Jewish | prefer not to say | White other | no",
    "Piers Langstaff\tnone\tgay\tWhite British\tyes - hearing",
    "8812,Okoro,Muslim\nFatoumata Eddowes;Muslim;heterosexual;Black African;no disability",
    "| Kowalska, Anna | Roman Catholic | straight | Polish |",
    "Siobhan Tierney; Catholic; White Irish; full time",
    "Mohsin Dar, bisexual, Asian British, band 6",
    "Grace May | Christian | registered disabled | 0.6 wte",
    "Owen Hughes | 44 | Buddhist | lesbian | Cardiff",
]
NO_ROWS = [
    "Option List | Muslim | heterosexual | Black African",
    "Religion | Orientation | Origin | Disability",
    "Muslim | 14 | Christian | 220 | Hindu | 31",
    "Test Patient | Jewish | gay | White British",
    "the drop-down has Muslim, Christian, gay, straight and White British",
    "Ann Katz | Band 6 | Ward 4 | no",
    "Christian Black, Ann White, Gay Irish, Tom May",
    "Piers Langstaff, Ann Lee, Owen Hughes; choir, Friday",
    "Mohsin Dar | deaf awareness | autism | 12 June",
]
KEYS = [
    'ref,surname,init,postcode,keysafe,visit\n1,"Ashdown-Rees",P,"LN99 1AA","C1974Y","leg ulcer R"',
    "Client | Key safe no | Call\nKatz | 2580 | am",
    "Name\tKey location\tTime\nMrs Katz\tunder the blue pot\t08:30",
    "Service user;keysafe code;run\nOkoro, A;4471#;3",
]
NO_KEYS = [
    "Site,keysafe,Contact name\nElm Lodge,2580,Ann Katz",
    "Name | Key safe | Time\nAnn Katz | none | 08:30",
    "Key safe no | Model | Qty\n2580 | Supra C500 | 4",
    "Depot;postcode;keysafe\nNorth;LN99 1AA;C1974Y",
    "Supplier | Keysafe | Name\nSupra Ltd | C500 | Ann Lee",
]
GENES = [
    "G26-118820  proband Elowen Tregear, BRCA1 c.5266dup het - reported",
    "Index case: Ann Katz, sister not told",
    "Ann Katz has the MSH2 c.942+3A>T variant and her report is stuck",
    "report for Owen Hughes, CFTR c.1521_1523del hom",
    "BRCA2 c.5946del found in Morwenna Katz will not authorise",
    "PKD1 p.Arg4227Ter for Mohsin Dar is printed twice",
]
NO_GENES = [
    "proband 2 has no sample, the proband field is mandatory",
    "Proband Name is blank in the LIMS form",
    "the filter drops BRCA1 c.5266dup, says Dr Ann Katz",
    "Dr Ann Katz, BRCA1 c.5266dup is missing from the panel list",
    "c.5266dup in BRCA1 breaks the import",
    "test proband Ann Katz, c.5266dup, made up for training",
    "Windows Update p.12 for Ann Katz, see p. 4",
    "Gene Panel c.68_69del is not in the drop-down",
]


RECORDS = [
    'payload :: {"inc":"A9924417","sub":{"fn":"Marek","ln":"Ostrowiecki","a":71,"addr1":"14 Quarry Bank Terrace"},"cc":"fall"}',
    "WARN upsert failed surname=KATZ forename=ANN address=9 Mill Lane",
    "https://x.example/f?ln=Okoro&addr1=3+Bank+Top",
    "{ last: 'Okoro', street: '22b Orchard Close', n: 4 }",
]
NO_RECORDS = [
    '{"fn":"Ann","ln":"Lee","dept":"Stores","addr1":"14 Quarry Road"}',
    "supplier=Acorn contact_name=Ann Lee address=9 Mill Lane",
    '{"site":"North","name":"Ann Lee","address":"9 Mill Lane"}',
    '{"addr1":"14 Quarry Road","ods":"X26"}',
    '{"ln":"Lee","addr1":"0x3F20","fn":"memcpy"}',
    '{"last":"Katz","address":"14 Quarry Road Surgery"}',
]


def sure(recognizer: object, text: str, entity: str, least: float = 0.7) -> bool:
    return any(one.score >= least for one in recognizer.analyze(text, [entity]))  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "held"), [*((t, True) for t in PASSPORTS), *((t, False) for t in NO_PASSPORTS)]
)
def test_zones_that_machines_read_are_papers(text: str, held: bool) -> None:
    assert sure(IdentityDocument(), text, "PASSPORT") is held


@pytest.mark.parametrize(("text", "held"), [*((t, True) for t in ROWS), *((t, False) for t in NO_ROWS)])
def test_answers_of_an_equality_form_beside_a_name_tell(text: str, held: bool) -> None:
    assert sure(CodedCategory(), text, "SPECIAL_CODE") is held


@pytest.mark.parametrize(("text", "held"), [*((t, True) for t in KEYS), *((t, False) for t in NO_KEYS)])
def test_a_key_safe_beside_a_name_is_a_home(text: str, held: bool) -> None:
    assert sure(TableColumns(), text, "ADDRESS") is held


@pytest.mark.parametrize(("text", "held"), [*((t, True) for t in GENES), *((t, False) for t in NO_GENES)])
def test_a_name_with_a_variant_is_a_record(text: str, held: bool) -> None:
    assert sure(GeneResult(), text, "GENE_RESULT") is held


@pytest.mark.parametrize(("text", "held"), [*((t, True) for t in RECORDS), *((t, False) for t in NO_RECORDS)])
def test_an_address_beside_a_name_in_a_record_is_a_home(text: str, held: bool) -> None:
    assert sure(StructuredData(), text, "ADDRESS") is held
