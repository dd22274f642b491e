"""What a mail says is nobody: machines with names and quoted examples; and people who must not be lost with them."""

import pytest

from helpdesk.pii.not_people import names_of_machines, without_examples, without_machines
from helpdesk.pii.text import normalise

MACHINES = [
    ("Vincent, the pharmacy robot, is sick again.", "Vincent"),
    ("Alfred the chatbot is confused.", "Alfred"),
    ("Florence died at five and has not come back. Please restart her.", "Florence"),
    ("Martha went into quarantine. She is the letters server.", "Martha"),
    ("our plotter called Bertha has died", "Bertha"),
    ("Gordon is bleeding ink. The nurses call him Gordon, the tag says WS14428.", "Gordon"),
    ("Tess died again. Please power cycle her for good.", "Tess"),
    ("please reboot Doris, her memory is going", "Doris"),
    ("Edith (our old fax machine) passed out.", "Edith"),
]
PEOPLE = [
    "Florence in bed 6 died at five and the system will not let me close the spell. Her family are here.",
    "Vincent is off sick again with depression, can his mailbox come to me.",
    "Ann is confused. Please restart her citalopram and switch her bed.",
    "the laptop John uses is slow and he is on chemo",
    "the account Ann uses was locked while she was in hospital",
    "Ada, the system administrator, has had her operation.",
    "Rosie's falls sensor did not go off. She was found on the floor. Please restart it.",
    "Alexa Katz is logged as a device. Alexa the chatbot is not.",
    "Mrs Florence is the patient, Florence the robot is fine",
    "Harry, the patient on the robot list, is bleeding",
]
EXAMPLES = [
    'Please do not write things like "Mrs Smith in bed 4 can\'t see her results" in a ticket.',
    'Never put patients in the subject line (e.g. "John Brown chemo delayed").',
    'Slide 7 of the training should say: such as "my patient Mr Jones has HIV".',
    "Bad: \"Mrs Patel's scan won't open\".",
    "You must not type things like 'pt in bed 4 has C diff' here.",
    'Letters must not say things like "pt is a pain", "Mr Smith is mad" or "Mrs Jones has HIV", thank you.',
    'Beware of phishing such as "Your colleague Mrs Jones has been admitted, click here".',
]
REAL = [
    'The door screen shows notes. Anyone walking by read "Mrs Okoro in bed 4 has C diff, isolate".',
    'I should not have written "Mrs Smith in bed 4 is refusing clozapine" on the ticket.',
    'Do not write "Mrs Okoro has HIV" in tickets.',
    'I wrote "pt in bed 4" and "Mrs Okoro has HIV" on the ticket.',
    'Do not write "Mrs Smith has HIV" in tickets as you did yesterday.',
    'Never send "NHS 999 000 0018 has TB" like this.',
    'It popped up "Reminder: Ann Smith, termination, 10.15".',
    'Autocorrect turned "Mrs Smith is NBM for gallbladder" into nonsense.',
    "Mrs Smith's letter says 'lung cancer' and she has not been told",
]


@pytest.mark.parametrize(("text", "name"), MACHINES)
def test_a_machine_with_a_persons_name_is_known(text: str, name: str) -> None:
    assert names_of_machines([text]) == {name}
    plain = without_machines(normalise(text), names_of_machines([text]))
    assert name not in plain.text
    at = plain.text.index("the machine")
    assert text[slice(*plain.back(at, at + 11))] == name


@pytest.mark.parametrize("text", PEOPLE)
def test_a_person_beside_a_machine_stays_a_person(text: str) -> None:
    assert names_of_machines([text]) == frozenset()


@pytest.mark.parametrize("text", EXAMPLES)
def test_what_a_reminder_quotes_as_an_example_is_not_read(text: str) -> None:
    plain = without_examples(normalise(text)).text
    assert len(plain) == len(text)
    assert not any(word in plain for word in ("bed 4", "chemo", "HIV", "scan", "admitted"))


@pytest.mark.parametrize("text", REAL)
def test_what_really_happened_is_read_though_it_is_quoted(text: str) -> None:
    assert without_examples(normalise(text)).text == text
