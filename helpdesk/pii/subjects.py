"""Whose a name is: the writer's, a recipient's, a colleague's, or somebody whose matter the mail is about.

The words beside a name tell: `Dr`, `our manager`, `can't log in` make a colleague; `patient`,
`'s blood results`, `in bed 4`, `Mrs ... was admitted` make a subject. Where nothing tells, nothing is said.
"""

import re
from collections.abc import Iterable, Iterator

from helpdesk.pii.found import Found
from helpdesk.pii.names import name_words
from helpdesk.pii.reading import words_in
from helpdesk.pii.sections import address_words
from helpdesk.pii.signature import ROLE_WORDS
from helpdesk.pii.text import spaced
from helpdesk.pii.values import Context, Zone

_PATIENT = r"(?:patients?|pts?|px|clients?|service users?|residents?|inpatients?|outpatients?|tenants?|citizens?|participants?|donors?|baby|child|children|infant|toddler|twins?|deceased|late|mum|mother|father|dad|son|daughter|wife|husband|lady|gentleman|girl|boy|woman|man|claf|bachgen|merch)"
_CARE_THING = (
    r"(?:records?|notes|case ?notes|charts?|drug charts?|results?|bloods?|blood (?:tests?|results?|gas\w*)|scans?|mri|ct|x-?rays?|ultrasound|echo|ecg|images?|imaging|appointments?|appts?|appt|referrals?|prescriptions?|script|meds|medications?|"
    r"ttos?|ttas?|discharge(?: summary| letter)?|discharges|edn|clinic letters?|gp(?: letter| surgery)?|wristbands?|admissions?|transfers?|operations?|surgery|procedure|biopsy|histology|swabs?|samples?|specimens?|bed|treatment|chemo\w*|dialysis|"
    r"care ?plans?|assessments?|observations|obs|allerg\w+|diagnosis|condition|symptoms|transport|package of care|next of kin|nok|mum|mother|dad|father|daughter|son|carer|vaccin\w+|jabs?|pathway|consent(?: form)?|letters?|summary|nhs (?:no|number)|"
    r"dob|date of birth|age|weight|birth|death|body|mccd|death certificate|funeral|baby|pregnancy|smear|screening|test(?: results?)?|hospital number|mrn|demographics|demographic|episode|encounter|spell|attendance|triage|handover|dnacpr|respect|safeguarding)"
)
_BEFORE_SUBJECT = re.compile(
    rf"(?:\b{_PATIENT}(?:'s)?(?: (?:is|was|called|named|name(?: is)?|record|known as|of|in|for))?[ ,:(\"'-]{{1,3}}|\b(?:surname|forename|name of pt|re pt|in bed|bed) ?(?:\d{{1,2}},? )?(?:is|was|:|-|,)? ?|"
    rf"\b{_CARE_THING} (?:for|of|on|re|belonging to) (?:a |the |our )?(?:patient |pt |baby |little |master |a )?|"
    r"\b(?:admitted|discharged|discharging|admit|discharge|transferred|transferring|booked|referred|referring|triaged|seen|reviewed|treated|treating|consented|scanned|vaccinated|prescribe[d]? for|clerked|cannulated|operated on|visited|visiting|"
    r"transport for|theatre for|dialysis for|prescribing for|merge|merged|registered|register|birth of|death of|family of|parents of|mother of|mum of|carer of|relatives? of|nok of|looking after|care of|on behalf of my \w+,?) )$"
)
_AFTER_SUBJECT = re.compile(
    rf"^,? (?:who )?(?:had|has|have|missed|needs|got|was having|is having|is awaiting|awaiting|is waiting for|cancelled|attended) (?:an?|his|her|the|their|two|no|another)? ?(?:\w+ )?{_CARE_THING}\b(?! (?:inbox|mailbox|access|team|clinic|template|system))|"
    rf"^(?:'s?)? ?{_CARE_THING}\b(?! (?:inbox|mailbox|access|team|clinic|template|system))|^,? ?\(?(?:in|on|from|to|at)? ?(?:ward|bed|bay|side ?room|cubicle|room|sr|resus|majors|cot|chair|trolley|incubator)[ .]?\d|"
    r"^,? ?\(?(?:aged? )?\d{1,3}[ -]?(?:yo\b|y/o|years? old|yrs? old|years?\)(?=.{0,40}\b(?:ward|bed|fell|admitted))|m\b|f\b|male|female|months?|weeks?|days?)|^,? ?\(?(?:dob|d\.o\.b|born|b\.|nhs|mrn|hosp|chi|h&c|hcn|m/|f/|deceased|rip|pt\b|patient\b|aged?\b)|"
    r"^,? (?:(?:who|she|he|has|had|have|is|was|have been|has been|had been|got|being|needs to be|due to be|to be|also|just|still|now|only|recently|sadly|currently|then) ){0,4}"
    r"(?:admitted|discharged|transferred home|seen in clinic|triaged|diagnosed|treated|prescribed|catheterised|intubated|died|passed away|referred to|waiting in|waiting for (?:a |her |his |their )?(?:scan|bed|bloods?|surgery|op|theatre|transport|results|ct|mri|treatment|appointment)|"
    r"booked (?:in|on|for)|due (?:surgery|theatre|chemo|dialysis|a scan|in clinic|for (?:surgery|theatre|a scan|discharge|mri|ct))|in labour|on triage|on the (?:ward|unit|list|table)|going to theatre|nil by mouth|allergic|bleeding|fell|collapsed|suffering|complaining of|presented (?:with|to|at)|presenting (?:with|to)|attended|dna'?d|did not attend|living at|lives|tore (?:his|her)|broke (?:his|her)|had (?:the |his |her |a )?(?:\w+ )?(?:jab|vaccine|scan|surgery|op|operation|fall|stroke|baby|seizure|fit|biopsy|bleed|reaction)|getting a (?:kidney|liver|heart|lung)|came from (?:hmp|the nursing|a nursing|prison|home|resus|ed)|is (?:still |now |currently )?on (?:the )?(?:\w+ )?(?:ward|amu|icu|itu|mau|sau|ccu|hdu)|came in with|came in after|went home|gone home|self.discharged|absconded|sectioned|positive|pregnant|in bed|in pain)\b|"
    r"^,? ?(?:\(|- ?|, )?(?:patient|pt|service user|resident|inpatient|deceased)\b"
)
_BEFORE_STAFF = re.compile(
    r"\b(?:manager|supervisor|colleagues?|consultant|registrar|nurse|sister|matron|doctor|midwife|gp|pharmacist|secretary|pa|assistant|director|lead|head|chief|engineer|technician|analyst|trainer|officer|admin|administrator|team|"
    r"contact|speak to|spoke to|speaking to|ask|asked|cc|cc'd|copied in|thanks to|thank|approved by|authorised by|signed off by|agreed by|requested by|raised by|reported by|logged by|presented by|chaired by|led by|owned by|author|sent by|"
    r"holds?|from|with|via|through|inherited from|taken over from|replacing|replaces|covering for|cover for|new starter|starter|user|users|username for|username of|password for|login for|log ?in for|account for|account of|access for|access to|mailbox for|mailbox of|licen[cs]e for|"
    r"laptop for|phone for|smartcard for|badge for|extension for|ext for|pc for|printer for|deliver to|deliver it to|assigned to|belongs to|used by|both|panel is|panel will be|speakers?|attendees?|chair|host|organiser|owners?(?: \w+){0,3}(?: is| are)?|approver|pi(?: \w+){0,2} is|handler|engineer|refreshed (?:\w+ ){0,2}by|counter-approver|secretary to|pa to|reports to|line manager|visiting us|joined by|interviewer|"
    r"instructor|organised by|run by|delivered by|given by|talk by|written by|produced by|tested by|starter|starters|joiner|leaver|welcome|appointed|"
    r"estates|procurement|finance|facilities|vendor|supplier|by|our|and i|me and|myself and|under|hi|hello|dear|morning|regards|thanks)\b[ ,:(\-]{1,3}$"
)
_AFTER_STAFF = re.compile(
    r"^(?:'s?)? (?:(?:new|old|second|work|trust|other|shared|whole|own|own|nhs) )?(?:mailbox|inbox|e-?mail\w*|calendar|diary|account|login|log-?in|username|password|laptop|pc|computer|desktop|phone|mobile|ipad|iphone|tablet|smart ?card|badge|swipe|desk|office|drive|folder|onedrive|sharepoint|rota|extension|ext|voicemail|screen|monitor|keyboard|mouse|headset|"
    r"licen[cs]e|profile|permissions?|access|team|manager|line manager|signature|out of office|vpn|mfa|token|teams|outlook|presentation|session|talk|ticket|request|emails?|role|contract|email address|list|theatre list|clinic|clinics|secretary|firm|ward round|templates?|course|study|project|poster|lecture|webinar|teaching)\b(?! (?:letter|appointment|result))|"
    r"^,? (?:(?:who|also|still|now|just|and i|has|have|had|is|was|are|would|will|would like|needs?|in my team|on our team|both|only) ){0,3}(?:can'?t (?:log|access|see|open|print|find|get|connect|use|send|receive)|cannot (?:log|access|see|open|print|connect|use)|couldn'?t|unable to|access to|needs? access|"
    r"need access|a new (?:laptop|phone|pc|starter|account)|moved (?:to|desk|office)|joined|joining|started|starting|leaving|left the trust|logged|tried|tested|asked|reported|approved|authorised|approves|said|says|thinks|confirmed|told|mentioned|suggested|presents?|chairs?|next to me|locked out|working from home|on (?:annual )?leave|on ext|on bleep|"
    r"(?:is |will be |was )?(?:presenting|teaching|speaking|running|leading|covering|using|testing|fixing|looking|setting up|writing|managing|organising)|isn'?t set up|is not set up|not set up|can'?t (?:e-?prescrib|prescrib|sign|request|order|authoris|run|edit|book)\w*|"
    r"has (?:the |a |an |approved|asked|access|agreed|built|written|confirmed|tried|the same|got access)|owns|to (?:tune|fix|check|look|lead|present|approve|confirm|sign|test)|did the|gave|sent|uses|shares?|runs|wants|plugs|wrote|built|set up|manages|teaches|leads|works|work\b|and i\b|and me\b|"
    r"needs? (?:(?:his|her|their|a|an|the|new|another) )*(?:\w+ ){0,2}(?:login|log-in|password|account|laptop|access|reset|phone|mobile|monitor|headset|licen[cs]e|smartcard|pc|mouse|keyboard|email|username|permission\w*|chair|desk|badge|token|vpn)\b|"
    r"holds?|signed(?! (?:the |her |his |an? )?(?:e-?)?consent)|will sign|sign for|in (?:finance|it|estates|hr|procurement|payroll|pharmacy|radiology|informatics|digital|theatres|pathology)|from (?:finance|it|estates|hr|procurement|the|nhs|our|your)|is (?:our|the|my|their|a) )|"
    r"^,? ?(?:\(|- ?|, )(?:[\w-]+ ){0,3}"
    + ROLE_WORDS
    + r"\b|^,? ?\(?(?:ext|extn|x\d{3,5}\b|tel|bleep|dect|gmc|nmc|hcpc|@|mobile|mob|\d{4,5}\))"
)
_PROFESSIONAL = re.compile(
    r"^(?:Dr|Prof|Professor|Sister|Sr|Matron|Nurse|Consultant|Midwife|Rev|Revd|Cllr)\b"
)
_LAY = re.compile(r"^(?:Mr|Mrs|Ms|Miss|Mx|Master|Mstr)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]")


def settle(found: Iterable[Found], context: Context) -> Iterator[Found]:
    """The findings with each person's part settled."""
    writer = name_words(context.sender_name) | address_words(context.sender_address)
    recipients = [name_words(name) for name, _ in context.recipients if name]
    staff = [words for words in (name_words(name) for name in context.staff) if words]
    settled = [
        one.owned(_whose(one, writer, recipients, staff)) if one.entity == "PERSON" else one
        for one in found
        if not _a_place(one)
    ]
    known = _known_elsewhere(settled)
    for one in settled:
        known_as = known.get(last_name(one), "") if one.entity == "PERSON" and one.whose == "" else ""
        yield one.owned(known_as) if known_as else one


_STREETS = spaced(
    "road street lane avenue close drive terrace gardens crescent grove place square mews row way"
)


_WARDS = spaced("ward unit suite wing")
_AT = re.compile(r"\b(?:on|in|to|from|at|of|for|the) $")


def _a_place(one: Found) -> bool:
    """What the model takes for a person and is called like a street or, after `on` or `in`, like a ward: Glebe Road, Rowan Ward."""
    if one.entity != "PERSON" or one.recognizer != "NamesByModel" or " " not in one.text:
        return False
    last = last_name(one)
    return last in _STREETS or (
        last in _WARDS and bool(_AT.search(one.reading.lower[max(0, one.start - 6) : one.start]))
    )


def _known_elsewhere(found: Iterable[Found]) -> dict[str, str]:
    """What other mentions of a surname say: a subject once is one throughout, a colleague too."""
    known: dict[str, str] = {}
    for one in found:
        if (
            one.entity == "PERSON"
            and one.whose in ("staff", "subject")
            and known.get(last_name(one)) != "subject"
        ):
            known[last_name(one)] = one.whose
    return known


def last_name(one: Found) -> str:
    words = words_in(one.text)
    return words[-1].low if words else ""


def _whose(
    one: Found, writer: frozenset[str], recipients: list[frozenset[str]], staff: list[frozenset[str]]
) -> str:
    words = frozenset(word.low for word in words_in(one.text) if len(word.low) > 1)
    told = told_by_words(one)
    if len(words & writer) >= min(2, len(words)) and words & writer and told != "subject":
        return "writer"
    if told:
        return told
    if any(len(words & other) >= min(2, len(words)) and words & other for other in recipients):
        return "recipient"
    if any(len(words & other) >= 2 for other in staff) or one.zone in (Zone.SIGNATURE, Zone.DISCLAIMER):
        return "staff"
    return ""


def told_by_words(one: Found) -> str:
    """What the words right before and after a name say of it."""
    before, after = one.reading.around(one.start, one.end, 60, 70)
    before = before[before.rfind("\n") + 1 :] if one.reading.kind != "subject" else before
    after = after[: after.find("\n")] if "\n" in after else after
    professional = bool(_PROFESSIONAL.match(one.text))
    if _AFTER_SUBJECT.match(after) and not (professional and not after.startswith("'s")):
        return "subject"
    if _BEFORE_SUBJECT.search(before) and not professional and not _AFTER_STAFF.match(after):
        return "subject"
    if professional or _AFTER_STAFF.match(after) or _BEFORE_STAFF.search(before) or one.zone is Zone.GREETING:
        return "staff"
    return ""


def lay_title(one: Found) -> bool:
    """Mr, Mrs, Ms, Miss: how patients are called and colleagues hardly ever."""
    return bool(_LAY.match(one.text))
