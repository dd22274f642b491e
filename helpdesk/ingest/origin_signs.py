"""How answering machines speak when they set no header: prefixes and phrases, as data.

A person who asks how to set an out of office must stay a person, so a sign is a prefix that
a machine puts before the subject of the mail it answers, not a word inside one.
"""

import re

# Exchange and Outlook put these before the subject, in the language of the mailbox, with a colon.
_PREFIXES = (
    "automatic reply",
    "automated reply",
    "automatic response",
    "automated response",
    "auto reply",
    "auto-reply",
    "autoreply",
    "auto response",
    "auto-response",
    "autoresponse",
    "auto responder",
    "autoresponder",
    "out of office autoreply",
    "out of office auto-reply",
    "out of office reply",
    "out of office message",
    "out-of-office reply",
    "vacation reply",
    "absence notification",
    "ateb awtomatig",  # Welsh
    "ymateb awtomatig",
    "ateb allan o'r swyddfa",
    "freagra uathoibríoch",  # Irish
    "freagairt fhèin-obrachail",  # Scottish Gaelic
    "automatyczna odpowiedź",  # Polish
    "odpowiedź automatyczna",
    "răspuns automat",  # Romanian
    "raspuns automat",
    "automatinis atsakymas",  # Lithuanian
    "automātiska atbilde",  # Latvian
    "automatická odpověď",  # Czech
    "automatická odpoveď",  # Slovak
    "automatikus válasz",  # Hungarian
    "автоматичен отговор",  # Bulgarian
    "автоматический ответ",  # Russian
    "автоматична відповідь",  # Ukrainian
    "αυτόματη απάντηση",  # Greek
    "otomatik yanıt",  # Turkish
    "réponse automatique",  # French
    "automatische antwort",  # German
    "abwesenheitsnotiz",
    "automatisch antwoord",  # Dutch
    "respuesta automática",  # Spanish
    "resposta automática",  # Portuguese
    "risposta automatica",  # Italian
    "automatiskt svar",  # Swedish
    "automatisk svar",  # Danish, Norwegian
    "automaattinen vastaus",  # Finnish
    "رد تلقائي",  # Arabic
    "خودکار جواب",  # Urdu
    "स्वचालित उत्तर",  # Hindi
    "ਸਵੈਚਲਿਤ ਜਵਾਬ",  # Punjabi
    "স্বয়ংক্রিয় উত্তর",  # Bengali
    "સ્વચાલિત જવાબ",  # Gujarati
    "自动答复",
    "自動回覆",
)
# People write these too: a machine's only before the subject of an answer, or with a text that says so.
_WEAK_PREFIXES = (
    "out of office",
    "out of the office",
    "out-of-office",
    "ooo",
    "auto",
    "allan o'r swyddfa",
    "poza biurem",
    "absent du bureau",
    "fuera de la oficina",
)


def _starting(prefixes: tuple[str, ...], ending: str) -> re.Pattern[str]:
    return re.compile(rf"^[\[(*\s]*(?:{'|'.join(map(re.escape, prefixes))})[\])*\s]*{ending}", re.IGNORECASE)


STRONG_SUBJECT = _starting(_PREFIXES, r"(?:[:\-–—]|$)")
WEAK_SUBJECT = _starting(_WEAK_PREFIXES, r"(?::|-\s|$)")
BRACKETED_SUBJECT = re.compile(
    r"^\s*\[(?:auto[ -]?reply|automatic reply|out of office|auto[ -]?response)\]", re.IGNORECASE
)
BEFORE_AN_ANSWER = re.compile(WEAK_SUBJECT.pattern + r"\s*(?:re|fw|fwd|aw|antw|sv|odp)\s*:", re.IGNORECASE)
# Lotus Notes: `AUTO: Jane Smith is out of the office (returning 03/03/2026)`; others without the AUTO,
# as people write of a colleague.
_AWAY = (
    r"(?:[^:?]{2,80}\bis (?:currently |now )?(?:out of (?:the )?office|away from (?:the|his|her|their) (?:office|desk)"
    r"|on (?:annual )?leave|on vacation)\b|mae [^:?]{2,80} allan o'r swyddfa)"
)
AWAY_SUBJECT = re.compile(rf"^{_AWAY}", re.IGNORECASE)
NOTES_SUBJECT = re.compile(rf"^auto\s*:\s*{_AWAY}", re.IGNORECASE)
QUESTION = re.compile(
    r"\?|\bhow (?:do|can|to)\b|\bhelp\b|\bsut\b|\b(?:can't|cannot|set ?up|setting)\b", re.IGNORECASE
)

# At the head of the text.
ABSENCE = re.compile(
    r"\bI(?:'m| am|’m| will be| shall be)\b[^.?!\n]{0,60}\b(?:out of (?:the )?office|on (?:annual |sick |maternity |paternity |parental |study )?leave|away from (?:the office|work|my desk|my e?-?mail)|on (?:holiday|vacation)|not in (?:the )?office)\b"
    r"|\b(?:rwyf|rydw i|dwi|byddaf)\b[^.?!\n]{0,60}\b(?:allan o'r swyddfa|ar (?:fy )?(?:ngwyliau|wyliau|gwyliau|absenoldeb))",
    re.IGNORECASE,
)
# At the beginning of one of the first lines, since people quote such mails in the middle of theirs.
MACHINE = re.compile(
    r"\W{0,10}(?:please note[,:]? )?(?:that )?(?:this is an? (?:automatic(?:ally generated)?|automated|auto[- ]?generated)"
    r" (?:reply|response|acknowledge?ment|e-?mail|message)\b"
    r"|(?:mae hwn yn|dyma) (?:ateb|neges|ymateb) awtomatig\b)",
    re.IGNORECASE,
)

# Signs of a machine that people might write as well: enough to leave out an answer, not to take the mail for no person's.
THANKS = re.compile(
    r"^\W*(?:(?:hello|hi|hiya|dear \w+|good (?:morning|afternoon|day)|helo|shwmae)\b\W*)?"
    r"(?:thank you|thanks|many thanks|diolch(?: yn fawr)?|vielen dank|danke|merci|gracias|dzi[eę]kuj[eę]|dank u|bedankt|grazie|obrigad[oa])\b"
    r"[^.!?\n]{0,60}(?:e-?mail|mail|message|messaging|contacting|getting in touch|e-?bost|neges|cysylltu|nachricht|courriel|correo|mensaje|"
    r"wiadomo[sś][cć]|bericht|messaggio|mensagem)",
    re.IGNORECASE,
)
AWAY_ABROAD = re.compile(
    r"nicht im b[uü]ro|au[sß]er haus|\babwesend\b|je (?:suis|serai) (?:absente?|en cong[eé]s?)|fuera de la oficina|de vacaciones"
    r"|na urlopie|poza biurem|afwezig|fuori sede|in ferie|out of (?:the )?office|away from (?:the office|my desk)|annual leave",
    re.IGNORECASE,
)
ACKNOWLEDGES = re.compile(
    r"\b(?:this|the|our) (?:mailbox|inbox|e-?mail (?:address|account)) is (?:not|no longer|only) (?:being )?(?:monitored|checked|in use|used)"
    r"|\b(?:please )?do not reply to this (?:e-?mail|message)\b"
    r"|\byour (?:e-?mail|message|request|enquiry|query|ticket) has been (?:received|logged|registered|created|assigned)\b"
    r"|\bwe have (?:now )?(?:received|logged|registered) your (?:e-?mail|message|request|enquiry|query)\b"
    r"|\b(?:we|our team|someone|a member of (?:the|our) team) (?:aims? to|will) (?:respond|reply|answer|get back|be in touch|come back to you)\b"
    r"[^.!?\n]{0,40}\bwithin\b[^.!?\n]{0,20}\b(?:hours?|days?|working)\b"
    r"|\bni chaiff y (?:blwch post|cyfeiriad) hwn ei fonitro\b|\brydym wedi derbyn eich (?:e-?bost|neges)\b",
    re.IGNORECASE,
)
