"""Births: in the languages people write, of people and not of things, in the names of files."""

import pytest

from helpdesk.pii.recognizers.birth.words import labels, months, things
from helpdesk.pii.recognizers.date_of_birth import DateOfBirth

SURE = 0.85


def sure(text: str) -> list[str]:
    return [text[one.start : one.end] for one in DateOfBirth(2026).analyze(text, []) if one.score >= SURE]


IN_LANGUAGES = [
    ("ganwyd 14 Mawrth 1953", "14 Mawrth 1953"),
    ("fe'i ganed ar 2 Fedi 1960", "2 Fedi 1960"),
    ("Dyddiad ei geni: 3 Gorffennaf 1971", "3 Gorffennaf 1971"),
    ("Małgorzata, urodzona 7 marca 1984 r.", "7 marca 1984"),
    ("data ur. 12.09.1979", "12.09.1979"),
    ("ur. w Gdyni 4 września 1968", "4 września 1968"),
    ("ur. w Gdyni 4 wrzesnia 1968", "4 wrzesnia 1968"),
    ("Născută la Cluj, 23 iulie 2011", "23 iulie 2011"),
    ("Data nașterii: 5 februarie 1968", "5 februarie 1968"),
    ("data nasterii 05.02.68", "05.02.68"),
    ("nascida em 19 de setembro de 1990", "19 de setembro de 1990"),
    ("data de nascimento: 1990-09-19", "1990-09-19"),
    ("fecha de nacimiento: 2 de enero de 1949", "2 de enero de 1949"),
    ("nació el 2/1/1949 en Lima", "2/1/1949"),
    ("née le 11 août 1987", "11 août 1987"),
    ("nee le 11 aout 1987", "11 aout 1987"),
    ("Date de naissance : 1er mars 1950", "1er mars 1950"),
    ("nato a Bari il 4 maggio 1976", "4 maggio 1976"),
    ("geboren am 21. Oktober 1962", "21. Oktober 1962"),
    ("geb. 09.03.1955 in Ulm", "09.03.1955"),
    ("dáta breithe: 16 Meán Fómhair 1981", "16 Meán Fómhair 1981"),
    ("rugadh 8 Ògmhios 1947", "8 Ògmhios 1947"),
    ("Doğum tarihi: 27 Ağustos 1973", "27 Ağustos 1973"),
    ("gimė 1966 m. gegužės 5 d.", "1966 m. gegužės 5 d."),
    ("taariikhda dhalashada 3 Luulyo 1969", "3 Luulyo 1969"),
    ("tareekh-e-paidaish 15 agast 1959", "15 agast 1959"),
    ("janam tithi 22/10/1964", "22/10/1964"),
    ("jonmo tarikh 6 jun 1972", "6 jun 1972"),
    ("дата народження: 6 травня 1972", "6 травня 1972"),
    ("出生日期: 1972-05-06", "1972-05-06"),
]
OF_PEOPLE = [
    "the server joined two, the lady was born 14/03/2011",
    "the lady on the new ward was born 14/03/1951",
    "on our system she was born 14/03/1951",
    "locked account, born 14/03/1961",
    "the switchboard has Ann Lee, born 14/03/1961",
    "at this hospital, born 14/03/1961",
    "her account (born 14/03/1961) is locked",
    "cannot see patient record, born 14/03/1961",
    "the patient's file, born 14/03/1961",
    "the gentleman in ward 3, b. 14/03/1961",
    "the system DOB is 14/03/1961, that is wrong",
    "the account for Ann Lee, born 14/03/1991",
    "the baby in the new unit, it was born 14/03/2026",
    "the PAS record says born 14/03/1961",
]
OF_THINGS = [
    "that core switch was born 22/05/2008",
    "the account svc_print was born on 09/08/2001",
    "SQL-AXF380, born 14/03/2011, goes",
    "the audit database (born 30/11/1998)",
    "our trust was born on 01/04/1994",
    "The NHS was born on 5 July 1948",
    "the password policy was originally born 12/01/2004",
    "the hub idea was born at the away day on 14/03/2011",
    "our app turns ten, it was born on 8 May 2016",
    "the pharmacy robot Vincent, born 02/03/2015",
    "Bertie (Labrador, dob 14/02/2019)",
    "the server in rack 4 was born 14/03/2011",
    "host:\n  name: APP-7\n  owner: Ann Lee\n  born: 2012-03-14\n",
    "our rota system had its birthday on 14/03/2011",
    "lookup fam=printers giv=queue bd=20191104 hits=0",
    "Pharmacy, lead Ann Lee, commissioned 02/09/2009",
    "It is with great sadness that we announce the death of RCH-FS01, aged 16. Born 14/02/2009 in a cupboard.",
    "Farewell SRV-APP-12, virtualised at last. Born 03/05/2010.",
    "RIP PRN-0442.\nBorn 03/03/2011, died of a fuser.",
    "Happy birthday to SAN01! Born 12/06/2014 and still spinning.",
    "With regret: the fax machine in Records, born 1/9/1998, passed away quietly.",
    "outpatients-old@trust.example, born 02/04/2007, gone 30/11/2026.",
    '"Born 5 July 1948. Happy birthday NHS!" is for the screens in the atrium.',
    "the old franker in reception was born on 3 May 2004",
    "Our plotter (b. 14 Feb 2009) is gone.",
]
OF_HISTORY = [
    "Dr Elspeth Garrow (12 March 1851 - 4 June 1923) founded the dispensary.",
    "named after Mary Anning, born 21 May 1799 in Lyme Regis, died 9 March 1847",
    "Edith Cavell, b. 4 December 1865, shot 12 October 1915.",
    "Private Thomas Ackland, born 3 June 1896, killed at Arras 9 April 1917.",
    "Aneurin Bevan (15 November 1897 - 6 July 1960) banner is pixelated.",
    "the matron, 02/03/1888 to 14/11/1951, in whose memory the bench stands",
    "Sister Agnes Thorncombe (3 May 1842 – 11 January 1911) opened the first ten beds.",
    "Mother Clare was born in 1849 and died on 4 May 1931 in the east room.",
]
OF_THE_LIVING_OR_MISTYPED = [
    "Miss Ivy Treloar, born 12/05/1914, the form says year out of range",
    "Mr Hosken, DOB 04/03/1902, should be 1962",
    "the wing opened 4 May 1897 and Ann Penney, born 14/03/1951, was seen in it",
    "her grandmother was born 2 May 1899. Ann Penney, DOB 14/03/1951, has asked for the film.",
    "WKS2210 froze on Walter Prout. Born 14/02/1951, so it is the right one.",
    "PAS01 has her twice. Born 14/02/1951.",
    "The autofill put someone else in. Born 03/05/2010. Not the boy I had.",
    "karen.moss@trust.example (born 03/05/1980) has no account",
    "Bed12 is wrong. Born 14/02/1951, not 1915.",
    "In Records the lady, born 14/02/1951, cannot be found",
]
NO_BIRTHS_IN_NAMES = [
    "Trust_Board_14052012_minutes.docx",
    "plan_20110314.dwg",
    "corridor_ceiling_14032016.jpg",
    "Estates_Group_03061999.doc",
]


@pytest.mark.parametrize(("text", "date"), IN_LANGUAGES)
def test_a_birth_is_known_in_the_languages_people_write(text: str, date: str) -> None:
    assert date in sure(text)


@pytest.mark.parametrize("text", OF_PEOPLE)
def test_a_thing_in_the_sentence_hides_nobodys_birth(text: str) -> None:
    assert sure(text)


@pytest.mark.parametrize("text", OF_THINGS)
def test_the_birth_of_a_thing_is_nobodys(text: str) -> None:
    assert [one for one in DateOfBirth(2026).analyze(text, []) if one.score >= 0.45] == []


@pytest.mark.parametrize("text", OF_HISTORY)
def test_who_is_long_dead_has_no_birth_date_to_keep(text: str) -> None:
    assert [one for one in DateOfBirth(2026).analyze(text, []) if one.score >= 0.45] == []


@pytest.mark.parametrize("text", OF_THE_LIVING_OR_MISTYPED)
def test_the_old_the_mistyped_and_those_beside_history_or_hosts_keep_theirs(text: str) -> None:
    assert sure(text)


@pytest.mark.parametrize("text", NO_BIRTHS_IN_NAMES)
def test_dates_of_papers_are_no_births(text: str) -> None:
    assert [one for one in DateOfBirth(2026).analyze(text, []) if one.score >= 0.45] == []


def test_the_lists_hold_what_the_code_asks_of_them() -> None:
    assert "września" in months()
    assert "wrzesnia" in months()
    assert "nascut" in labels()
    assert "switch" in things()


SUPPOSED = [
    "So somebody born on 01/02/34 would be 010234 then four more.",
    "a patient with date of birth 14/03/1956 gets 140356 as the first six",
    "If your date of birth is 1/2/1934, type 010234 at the prompt.",
    "The recall takes people born on or after 01/04/1960 only.",
    "We need a search for patients born between 01/09/2008 and 31/08/2009.",
    "Anyone born before 1 April 1960 should get the letter.",
    "children born after 01/09/2019 are not in the cohort",
    "Patients born on 29/02/1996 cannot be booked at all.",
    "someone born on the first of February 1934 would be 92",
    "Say you were born on 12/11/1980, would it say 46?",
    "Happy birthday to Gerald the router, born 03/03/2012, still up.",
    "DOB must be eight digits, e.g. 01021934, or it is refused.",
    "Report filter: DOB <= 31/08/2008 and DOB > 31/08/2006. Returns none.",
    "select count(*) from pat where dob between '1990-01-01' and '1999-12-31'",
    "A child born on 29/02/2020 would turn one on which day?",
    "The calculator says someone born 12/12/1912 is 113. It caps age at 110.",
    "Suppose a patient was born on 03/04/1951 - does the letter say 75 or 74?",
    "so a man born 14 March 1956 has 140356 and an odd ninth digit",
    "Enter your birth date as 8 digits (for 5 June 1961 that is 05061961).",
    "patients with a date of birth before 01/01/1930 are dropped from the feed",
]
MEANT = [
    ("Happy birthday to the lady, born 03/03/2012, in bed 4.", "03/03/2012"),
    ("Somebody born on 01/02/1934 is in bed 6 and has no record.", "01/02/1934"),
    ("a patient born 01/02/1934 would not open this morning", "01/02/1934"),
    ("A patient born 01/02/34, CHI 010234 5678, is on the list twice.", "01/02/34"),
    ("There is a lady born on 14/03/1956 who would be seen today", "14/03/1956"),
    ("Her children born on 14/03/2016 cannot be linked.", "14/03/2016"),
    ("Both babies born on 14/03/2019 have one number.", "14/03/2019"),
    ("Mrs Penney's boys born on 14/03/2016", "14/03/2016"),
    ("If the date of birth is 14/03/1956 then it is the wrong patient.", "14/03/1956"),
    ("Someone's date of birth, 14/03/1956, came up on the screen", "14/03/1956"),
    ("my patient was born on 14/03/1956 and would like access", "14/03/1956"),
    ("Anyone born on 03/04/1951 called Penney? She is on ward 5.", "03/04/1951"),
    ("There is someone born 12/12/1912 in bed 4 and the system caps age at 110.", "12/12/1912"),
    ("A child born on 29/02/2020 at our hospital cannot be booked.", "29/02/2020"),
    ("Suppose Mrs Penney was born on 03/04/1951, as she says.", "03/04/1951"),
    ("We have a patient born 03/04/1951 would be grateful for a call", "03/04/1951"),
    ("I typed 14031956 but her DOB is 14/03/1956 on the card", "14/03/1956"),
    ("the patient before was born on 14/03/1956", "14/03/1956"),
]


@pytest.mark.parametrize("words", SUPPOSED)
def test_a_cohort_or_somebody_supposed_has_no_birth_date(words: str) -> None:
    assert sure(words) == []


@pytest.mark.parametrize(("words", "date"), MEANT)
def test_somebody_unnamed_who_is_meant_has_one(words: str, date: str) -> None:
    assert sure(words) == [date]


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Got a fax: TULLOCH M 040752 W/D 5", True),
        ("OKORO, ADA 120144 came twice", True),
        ("SC recall list: TULLOCH MAIRI 04071952; KATZ ANN 12011944", True),
        ("Katz, Ann 12011944 has two lines", True),
        ("Ewa Nowak (04071952) is not there", True),
        ("Two of our babies are 'Baby Boy Tulloch 04/07/26 03:14'", True),
        ("twin 2 Okoro 04/07/2026 has twin 1's label", True),
        ("Baby clinic 04/07/2026 has no slots", False),
        ("Portrait: Sir Arthur Penrose, painted 04/07/1952.", False),
        ("Badge of Joan Hartley, awarded 04/07/1955, is in case 3.", False),
        ("WARD B 040752 is the door's code", False),
        ("PRINTER A 120144 is offline", False),
        ("ROLL N 031121 of labels", False),
        ("Ash Ward 19520704 plan", False),
        ("Jo Bell 20211203 rota.xlsx", False),
        ("Main Archive 19990412 is on tape", False),
        ("Build Nightly 19990412 of the game", False),
    ],
)
def test_digits_right_after_a_name_are_a_birth(text: str, held: bool) -> None:
    assert any(one.score >= 0.45 for one in DateOfBirth(2026).analyze(text, [])) is held
