"""Patterns of words that tell what a sentence is about; each name says what it tells. `evidence` asks them."""

import re

THIRD = re.compile(
    r"\b(?:he|she|her|his|him|hers|himself|herself|they've|their|them)\b|\bthey (?:are|were|have|had|live)\b"
)
SELF = re.compile(
    r"\b(?:i'?m|i am|i've|i have|i had|i was|i take|i took|i suffer|i got|i need|i get|i live|my|me|myself|mine|ive|im)\b"
)
SELF_STATE = re.compile(
    r"\b(?:i(?:'?m| am|'?ve| have| had| was| feel| get| got| take| took| need| suffer|'?ve got|'?ve been|'?ve had| use| wear| keep having| live with)(?: \w+){0,4} |"
    r"my (?:own )?(?:\w+ ){0,2})$"
)
RELATIVE = re.compile(
    r"\bmy (?:\w+ )?(?:mum|mother|dad|father|wife|husband|partner|son|daughter|child|baby|brother|sister|nan|gran|grandmother|grandfather|grandad|uncle|aunt|neighbour|kids?|boy|girl|step\w+|twins|little one|parents?)\b"
)
UNNAMED = re.compile(
    r"\b(?:this|the|a|our|one|my|that|another|same|his|her) (?:\w+ ){0,2}(?:patient|pt|px|lady|gentleman|gent|child|baby|girl|boy|woman|man|resident|service user|client|toddler|teenager|infant|inpatient|colleague|employee|member of (?:my |our )?(?:staff|team)|nurse|registrar|porter|hca|student)\b(?!'?s? (?:list|record system|portal|safety|experience|administration|tracking))|\bpt\b"
)
LINK = re.compile(
    r"\b(?:has|had|have|with|having|diagnosed|diagnosis of|suffers?|suffering|admitted|because of|due to|following|c/o|complains|known|h/o|hx|history of|post|after|started on|commenced|taking|takes|on|under|awaiting|needs|refused|declined|off|"
    r"been|was|is|were|tested|came back|came in|presented|attended|treated|died|develop\w*|recovering|recover|living with|fell|went|goes|gets|going through|struggling|pending|under|getting|contracted|allergic|positive|re)\b"
)
STATE_BEFORE = re.compile(
    r"\b(?:has|had|have|having|got|with|diagnosed (?:with|as)|suffer\w* (?:from|with)|admitted (?:with|for|following|after)|due to|because of|following|c/o|known|h/o|hx|history of|off (?:sick )?(?:with|for|due to)|on|started|taking|takes|for|is|was|been|being|now|still|post|\?|query|of|from|about|re|her|his|their|severe|acute|chronic|possible|recent|new|suspected|and)\s(?:\w+\s){0,2}$"
)
BED = re.compile(
    r"\b(?:bed|bay|side ?room|s/r|cubicle|cot|room|majors|resus|trolley)[ .]?\d{1,2}\b|\bward [\w]{1,4}\b"
)
PLURAL = re.compile(
    r"\b(?:patients|pts|people|women|men|children|users|staff|residents|inpatients|clients|mothers|babies|members|nurses|doctors|everyone|all|any|each|every|average|total|percent|attendances|breaches|aggregate\w*|per (?:week|month|year|day)|numbers?|rates?|cases|waits)\b|%"
)
IT = re.compile(
    r"\b(?:error|screen|template|login|log ?in|password|access|install\w*|upgrade\w*|crash\w*|freez\w*|frozen|loading|load|server|printer|print|laptop|pc|button|dropdown|drop-down|menu|field|tab|page|website|link|module|system|app|software|version|update|report|dashboard|mailbox|calendar|account|"
    r"licen[cs]e|network|wifi|vpn|disk|battery|keyboard|mouse|monitor|cable|ticket|queue|job|process|database|query|backup|virtual|vm|file|folder|booking|bookings|room|projector|training|course|e-?learning|leaflet|poster|policy|guideline|audit|stock|order|configur\w*|rollout|go-?live|interface|alert|form|pathway|autotext|shortcuts?|abbreviations?|dictionary|spell\w*|caption|banner|newsletter|icon|menus?|default|dropped|vanished|folder)\b"
)
NOT_REAL = re.compile(
    r"\b(?:test patient|dummy|training (?:patient|record|environment)|fictitious|fictional|made[ -]up|mannequin|manikin|simulat\w+|example|e\.g\.|scenario|case study|test data|anonymised|pseudonymised|synthetic|zz\w+|xx\w*(?:test|train)\w*|no real (?:persons?|people|patients?)|mickey mouse|role ?play|hypothetical|sample text|lorem)\b"
)
OWN_CARE = re.compile(
    r"\b(?:my|ma|me) (?:own |last |next |recent |new )?(?:\w+ )?(?:appointments?|results?|bloods?|prescriptions?|medication|meds|tablets|gp|doctor|consultant|operation|op|surgery|scans?|treatment|condition|records?|notes|diagnosis|illness|health|pain|"
    r"disability|pregnancy|midwife|therapist|counsellor|insulin|inhaler|back|knee|hip|heart|allergy|nhs number|smear|biopsy|referral|sick note|fit note|sick leave|hearing aids?)\b"
)
SECRET = re.compile(
    r"\b(?:confidential(?:ly)?|do not (?:tell|share|discuss)|don'?t (?:tell|share|mention|discuss)|nobody (?:must|should|else)|no one (?:must|should|else)|keep (?:this|it) (?:quiet|private|between|off)|in confidence|sensitive(?:ly)?|quietly|discreet\w*|must not (?:know|see|be)|private(?:ly)?|not to be told)\b"
)
WHEN = re.compile(
    r"\b(?:yesterday|last night|this morning|today|tonight|tomorrow|on (?:mon|tues|wednes|thurs|fri|satur|sun)day|overnight|last week|since|months? ago|weeks? ago|days? ago|until)\b"
)
MACHINE = re.compile(
    r"\b(?:spreadsheets?|servers?|printers?|laptops?|pcs?|computers?|screens?|monitors?|keyboards?|mouse|batter(?:y|ies)|disks?|drives?|system|app|software|network|vpn|wifi|phones?|tablets?|ink|toner|cables?|fans?|raid|database|queue|service|website|"
    r"outlook|excel|word|teams|windows|process|job|backup|router|switch|link|file|it|this|project|budget)(?:'s)? (?:has|had|is|was|are|were|just|keeps?|looks?|seems?|went|goes|got|died|have)? ?(?:\w+ ){0,3}$"
)
STOCK = re.compile(
    r"\b(?:fridges?|stock|doses|vials|boxes|cupboard|shelf|shelves|supplier|supplies|catalogue|formulary|order codes?|alarm|temperature|probe|cabinet|ampoules|packs?|kits?|deliver(?:y|ies)|batch|expiry|barcodes?)\b"
)
EVENT = re.compile(
    r"\b(?:conference|webinar|study day|speakers?|programme|agenda|delegates?|teaching|lecture|seminar|workshop|cpd|awareness|launch|training day|away day|grand round|session|talks?|poster|presenting|presentation|slides|symposium|networking|event|charity|fundrais\w*|raffle|marathon|yoga|choir|quiz)\b"
)
NO_PERSON = re.compile(
    r"\b(?:no (?:patient|pid|pii|personal|names|identifiable)\b|anonymised|aggregates? only|no patients? (?:affected|harmed|involved)|not patient)\b"
)


STATES = re.compile(
    r"^(?:\)|,)?,? ?(?:\([^)]{1,30}\) ?)?(?:(?:who|she|he|they|and|also|still|now|just|only|recently|sadly|currently|then|is|was|has|had|have|been|being|got|gets|needs|with|on|in|off|came|went|having|due|under|getting|a|an|the|for|to|"
    r"told|says?|said|tested|diagnosed|suffers?|suffering|admitted|taken|takes?|taking|started|given|refused|rung|called|went|gone|home|because|from|of|after|following|his|her|their|very|really|possible|suspected|query|known|acute|severe|chronic|"
    r"presented|complaining|developed|recovering|signed|that|will|be|can'?t|cannot|do|work|nights|us|me|not|isn'?t|about|as|at|again|today|yesterday|-|:)[ ,]{1,2}|\w+ ){0,3}[\"'(?]?$"
)
LEADS_TO = re.compile(
    r"^[\"')]?(?: \w+){0,3} (?:for|of|in|on|from|to|by|with|about|re|against|is|was)(?: (?:the|our|a|my|patient|pt|service user|little|baby|named|called))*[ :]{1,2}$"
)
ABOUT = re.compile(
    r"^(?: \w+){0,3} (?:about|re|regarding|concerning|against|on|for|of) (?:the |a )?(?:patient |pt )?$"
)
OF_SOMEBODY = re.compile(r"^'s? (?:\w+[ -]){0,2}$")


TEST_DATA = re.compile(
    r"\b(?:test|dummy|fake|fictitious|fictional|made[ -]up|mock|demo|invented|synthetic)[ -](?:patients?|pts?|records?|data|names?|entr(?:y|ies)|people|persons?|identit(?:y|ies)|details|cases?|rows|values)\b|\b(?:training|sample)[ -](?:patients?|pts?|persons?|people|identit(?:y|ies))\b|\bsample[ -](?:data|names?|rows|records)\b(?! (?:for|of) )|\bnone (?:of (?:them|these) )?(?:is|are) real\b|"
    r"\bnot (?:a )?real (?:patients?|people|person|data|records?|details)\b|\b(?:zz+|xx+)[a-z]*test\w*|\bzz+ ?\w*test\w*|\bmickey mouse\b|\bdonald duck\b|\bdonotuse\b"
)
REAL_AFTER_ALL = re.compile(
    r"\b(?:not (?:a )?(?:test|dummy|training)|isn'?t (?:a )?(?:test|dummy)|(?<!none )(?<!nobody )is (?:a )?real|(?<!them )(?<!these )(?<!none )(?:are|was|were) real|real (?:patient|one)|actual patient|live patient)\b"
)
