"""Whether a text that has the words of a CV, sick note, payslip or letter is one, filled in for somebody, or only speaks of such.

A policy on fit notes, an advert for a nurse and a page on payslips have all the words; what they lack is somebody's
dates, sums, years and "my". Without any of these the words alone make no document.
"""

import re

_PLACEHOLDER = re.compile(
    r"\[(?!external|image|cid|mailto|secure|from|ext\b)[a-z][a-z ,/'_-]{2,30}\]|<<[a-z][\w ]{2,30}>>|\{\{? ?[a-z][\w. ]{2,30}\}|«[\w ]{2,30}»|_{3,}|\.{7,}|\bx{4,}\b"
)
_MONTH = r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}"
_DATE = rf"\d{{1,2}}(?:st|nd|rd|th)?(?:[/.-]\d{{1,2}}[/.-]\d{{2,4}}| (?:of )?{_MONTH}\b)"
_NOTE = r"(?:fit ?note|sick ?note|med ?3|medical certificate|phased return|self[- ]?cert\w*|sc2|amended duties|sick line|doctor'?s (?:note|line))"
_TITLE = r"(?:mr|mrs|ms|miss|mx|dr|sister|nurse)\b"
_FILLED = {
    "CV_OR_APPLICATION": re.compile(
        r"\b(?:i (?:qualified|graduated|trained|worked|have (?:worked|been|a|an|\d|\w+ years)|am (?:currently|a|an|writing|\d|very)|came to|live at|hold|speak|was born|studied|left school|did my|started|volunteer\w*|completed|obtained|passed|enjoy|would (?:like|love|be)|am applying|wish to apply|can start|could start)|"
        r"my (?:cv|name is|referees?|references?|qualifications?|experience|career|previous|current (?:post|job|role|employer)|last (?:post|job|role)|notice|osce|skills|hobbies|nmc|gmc|pin|degree|husband|wife))\b|"
        r"\b(?:nationality|date of birth|dob|marital status|position applied for|post applied for|current employer|notice period|reason for leaving|mobile|referee(?: \d)?|full name|applicant|candidate)[ ]?[:|=\t][ ]{0,3}[a-z\d(+]|\bcv of [a-z]|(?<!your )(?<!a )curriculum vitae[ \n:-]{1,3}[a-z]"
    ),
    "SICK_NOTE": re.compile(
        rf"(?:\b(?:my|his|her|their)|(?<!gp)(?<!doctor)(?<!employee)(?<!staff)(?<!colleague)(?<!person)'s) (?:[\w-]+ ){{0,2}}{_NOTE}|{_NOTE} (?:for|of|from) (?:{_TITLE}|my|him|her|his)|\b(?:nature of illness|(?:patient'?s )?name|conditions?(?:\(s\))?|assessed your case on|employee|reason)[ ]?[:|\t] ?[^\[_<{{\s.]|"
        rf"\b(?:absence|absent|off)(?: from)?(?: work)?[ :]{{1,2}}{_DATE}|\b(?:he|she)(?:'s| is| was| has| will| can| should)\b"
    ),
    "PAY_DOCUMENT": re.compile(
        r"\d{1,3}(?:,?\d{3})?\.\d\d(?!\d)|£ ?\d{2}|\b\d{3,4}[lmnt]\b(?! )|\btax code:? (?:is )?(?:\d{2,4}[lmntw]|br|d0|d1|nt|0t|k\d{2,3})\b|\b[a-z]{2} ?\d\d ?\d\d ?\d\d ?[a-d]\b|\b(?:my|his|her) (?:\w+ )?(?:pay|payslip|salary|p45|p60|tax|net|gross|overpayment)\b"
    ),
    "CLINICAL_DOCUMENT": re.compile(
        rf"\d{{1,2}}[/.-]\d{{1,2}}[/.-]\d{{2,4}}|\b\d{{3}} ?\d{{3}} ?\d{{4}}\b|\b{_TITLE}|\b(?:he|she|his|her)\b"
    ),
}
_WITH_DATE = re.compile(rf"\b(?:until|till|to|from|since|ends?|expires?|dated|starts?) (?:the )?{_DATE}")
_OF_MANY = re.compile(r"\d{1,3},\d{3},\d{3}|\bcontrol total\b")
_SUM_OF_ONE = re.compile(r"\b(?:tax code|ni (?:number|no)|assignment)\b")
_NOTE_OF_NAME = re.compile(
    rf"(?i:{_NOTE})(?: dated \S+)? (?:for|of|from) [A-ZÀ-Þ][\w'-]+ [A-ZÀ-Þ]|(?!Doctor|Employee|Manager|Colleague|Person)[A-ZÀ-Þ][a-zà-þ][\w'-]*'s (?:[\w-]+ )?(?i:{_NOTE})"
)
_YEAR = r"(?:19[5-9]\d|20[0-4]\d)"
_SPAN = re.compile(
    rf"\b({_YEAR})\)?[ ]{{0,2}}(?:-|\u2013|\u2014|to|until|till)[ ]{{0,2}}(?:(?:\d{{1,2}}/|{_MONTH}[ ])?({_YEAR})|now|date|present|current|today|ongoing)\b"
)
_CV_WORDS = re.compile(
    r"\b(?:experience|employment|education|qualifications?|qualified|skills|profile|school|college|university|academy|gcses?|a-levels?|bsc|ba|msc|phd|rgn|degree|diploma|nvq|referees?|references|languages|interests|hobbies|certificat\w+|applicant|candidate)\b"
)
_POSTS = re.compile(
    r"\b(?:manager|nurse|carer|assistant|hca|hcsw|physiotherapist|therapist|officer|teacher|porter|consultant|registrar|sho|spr|doctor|pharmacist|midwife|radiographer|technician|administrator|clerk|receptionist|secretary|driver|cleaner|baker|cook|chef|waiter|waitress|soldier|army|student|pupil|apprentice|"
    r"engineer|analyst|developer|worker|supervisor|matron|sister|lecturer|trainee|practitioner|volunteer|labourer|joiner|electrician|shop|sales|housekeeper|caretaker)s?\b"
)
_DATED = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,3}(?:,\d{3})?\.\d\d(?!\d)|\b\d{3} ?\d{3} ?\d{4}\b")
_GUIDANCE = re.compile(
    r"\bhow to (?:lay out|write|present|format|set out|fill in)\b|\b(?:do not|don't|never) (?:put|include|give|send) (?:your|a|any)\b|\bwe (?:will )?never ask\b"
)
_OF_PLANS = re.compile(
    r"\b(?:strategy|timeline|programme|phases?|roadmap|archive\w*|boxes|retention|budget|contract|framework|versions?|copyright|releases?|warranty|lease|edition|backups?|logs?|dataset|figures|census|audit|report)\b"
)


def is_only_spoken_of(entity: str, text: str, low: str, start: int, end: int) -> bool:
    """Whether what stands around the signs is a form, a page, an advert or a policy, and nobody's own document."""
    near = low[max(0, start - 500) : end + 500]
    filled = _is_filled(entity, text[max(0, start - 500) : end + 500], near)
    if entity == "CV_OR_APPLICATION" and _GUIDANCE.search(near) and years_of_a_life(near) < 2:
        return True
    blanks = len({match.group() for match in _PLACEHOLDER.finditer(near)}) >= 2
    if blanks and (entity in ("SICK_NOTE", "CV_OR_APPLICATION") or not _DATED.search(near)):
        return True
    return not filled and (blanks or entity != "CLINICAL_DOCUMENT")


def _is_filled(entity: str, text: str, low: str) -> bool:
    if entity == "PAY_DOCUMENT" and _OF_MANY.search(low) and not _SUM_OF_ONE.search(low):
        return False
    if _FILLED[entity].search(low):
        return True
    if entity == "CV_OR_APPLICATION":
        return years_of_a_life(low) >= 2
    return entity == "SICK_NOTE" and bool(_WITH_DATE.search(low) or _NOTE_OF_NAME.search(text))


def years_of_a_life(low: str) -> int:
    """How many spans of years (`2016-2019`, `06/2022 - date`) stand in it; budgets of one year each are none."""
    spans = list(_SPAN.finditer(low))
    if all(match.group(2) and int(match.group(2)) - int(match.group(1)) == 1 for match in spans):
        return 0
    return len({match.group() for match in spans})


def life_told_by_years(low: str) -> tuple[int, int] | None:
    """Where posts and schools stand with spans of years: a CV without its headings; a programme's phases are none."""
    if years_of_a_life(low) < 2 or _OF_PLANS.search(low):
        return None
    words = [*_CV_WORDS.finditer(low), *_POSTS.finditer(low)]
    posts = any(_POSTS.fullmatch(word.group()) for word in words)
    return words[0].span() if posts and len({word.group() for word in words}) >= 3 else None
