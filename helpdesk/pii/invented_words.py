"""The words that say a record is invented, and the values that look it; `invented` weighs them. All but LOOKS for lower-case text."""

import re

_KIND = r"(?:dummy|fake|fictitious|fictional|made[ -]up|mock|demo|demonstration|invented|synthetic|pretend|imaginary|bogus|mannequin|manikin)"
_WHAT = r"(?:patients?|pts?|records?|data|names?|entr(?:y|ies)|people|persons?|personas?|identit(?:y|ies)|details|cases?|rows|values|clients?|residents?|service users?|numbers?|demographics|registrations?|man|woman|lady|gentleman|child|boy|girl|family|couple|nurse|doctor|employee|user|applicant|candidate|sets?|cohorts?|ward ?lists?|caseloads?)"
_PERSON = r"(?:patients?|pts?|persons?|people|personas?|identit(?:y|ies)|clients?|residents?|service users?)"
SAID = re.compile(
    rf"\b{_KIND}[ -](?:\w{{2,9}} )?{_WHAT}\b|\b(?:test|training|sample|specimen)[ -](?:\w{{2,9}} )?{_PERSON}\b|\btest (?:data|records?)\b|\b(?:manikin|mannequin)s?\b|\((?:(?:entirely |wholly |all )?(?:fictional|fictitious|invented|made[ -]up)\b|not real\))|\b(?:fictional|fictitious|invented|made[ -]up)\."
    r"|(?:\b(?:is|are|was|were|all|both|entirely|wholly|completely|purely)|'s) (?:\w+ )?(?:made[ -]up|invented|fictional|fictitious|synthetic|dummy)\b|\b(?:made[ -]up|invented) (?:by|for|from|so)\b"
    r"|(?:\b(?:not|no|never|isnt)|n't) (?:a |an |any )?(?:(?:real|actual|live) (?:persons?|people|humans?|patients?|ones?|data|records?|details)|person|people|human)\b(?! (?:affected|harmed|involved|can|could|has|have|was|were|will|should))"
    r"|\bnobody(?: is)? real\b|\bnobody (?:in (?:it|there|the file|this file) )?(?:actually )?exists?\b|\bnone (?:of (?:them|these|it|those|the \w+) )?(?:(?:is|are) real|exists?)\b|(?:\b(?:do|does) not|\b(?:do|does)n't|\bdont) (?:actually |really )?exist(?! (?:in|on|any|as|yet|but|so|when|for|and)\b)|\b(?:he|she|they|it|this|that|these|those|who|which|names?|patients?|persons?|people|records?|details|data|one|both|numbers?)(?:'s not| isn't| is not| aren't| are not|'re not| isnt) real\b(?! (?:time|urgent))"
    r"|\bno such (?:person|patient)s? exists?\b|\b(?:documented|published|textbook) (?:example|sample|specimen)s?\b|\b(?:example|sample)s? (?:from|in|out of|of) the (?:spec\w*|standard|documentation|docs|implementation guide|data dictionary|manual|textbook)\b|\bout of the standard\b|\b(?:synthea|faker|mockaroo|data generator)\b|\bfrom (?:the|our|a) generator\b|\bgenerator (?:makes?|made|produces?|gives?|creates?|invents?)\b|\bsim ?(?:man|mom|baby|junior)\b|\b(?:image|imaging|qa|test|ct|mri|breast) phantoms?\b|\bphantom (?:we|that|is|scan|image|series|stud(?:y|ies)|records?|data)|\bphantom\^|\bpersonas?\b"
    r"|\b(?:i|we|they) (?:just )?(?:invented|made up|dreamt up|dreamed up) (?:(?:all|both|each|every one|most) of )?(?:them|these|those|the (?:names|people|patients|numbers|rows|records|details))\b|\b(?:is|are|was|were) (?:one|ones|some|somebody|someone|people) (?:that )?(?:\w+ ){0,2}(?:made up|invented)\b"
    r"|\b(?:there (?:is|are) )?no such people\b|\b(?:vendor|supplier|manufacturer)(?:[’']?s)? (?:own )?(?:sample|example|dummy)\b"
)
HINTED = re.compile(
    r"\b(?:uat|sandbox|(?:999 )?test range|demo only|not live|non-live|test (?:queue|feed|system|environment|region|server|domain|harness|script|pack|plan|instance|box|message)|training (?:region|environment|system|domain|server|manual|slides?|exercise|scenario|module)|"
    r"scenarios?|sim(?:ulation)? suite|pds sandbox|case study|vignette|quiz|role[ -]?play|simulat(?:ion|ed)|exercise|tabletop|(?:sample|training) (?:data|records?|rows|values|details|names?|cases?)|walk-?through|for instance|(?<![.@/-])example(?![.@/-]\w)|e\.g|template|specimen|storybook|story book|script|worked example|spec(?:ification)?|implementation guide|api docs|documentation|zz+[ -]?test\w*|xx+ ?test\w*|testpatient|test,? patient|demo)\b"
)
DENIED = re.compile(
    r"(?:\b(?:not|never)|n't) (?:a |an |the |our )?(?:test|dummy|training|demo|fictional|fictitious|made[ -]up|invented|sample)\b"
    r"|\bunder (?:a|an|the|his|her|their) (?:dummy|fake|false|test|made[ -]up|alias)\b"
    r"|\b(?:she|he|they|who|patient|pt) (?:\w+ )?(?:uses?|used|using|gave|gives|given|registered) (?:\w+ ){0,2}(?:fake|false|made[ -]up|dummy|fictitious|invented)\b"
)
# Somebody's record taken for, copied into or filed with an invented one.
MIXED = re.compile(
    r"\b(?:merg(?:ed?|ing)|(?:mixed|muddled) (?:up|with|in)|ended up|(?:filed|landed|saved|sent) (?:to|on|in|under|against) (?:the|our|a) (?:test|dummy|demo|training|wrong)|wrong (?:record|patient|person)|instead of(?! (?:a |the )?\d)|live (?:data|copy|extract|patients?|records?)|(?:from|of|in|on) live|overw(?:rote|ritten|rites)|"
    r"genuine|real (?:patients?|ones?|person|people|data|records?|nhs|numbers?|names?|details|address|dob)|actual(?:ly)? (?:a )?(?:patient|person|our|my|real)|(?:is|are|was|were|looks?) (?:a |very )?real|for testing,? (?:can|could|would|please)|to test (?:it )?(?:with|on)|us(?:ed|ing) (?:a|my|our|her|his|one of) (?:patient|mum|mother|own|son|daughter|dad|real|actual))\b"
)
# What is told to train, to play or to sell is told of nobody.
STORY = re.compile(
    r"\b(?:mani[kq]ins?|sim (?:suite|man|lab)|moulage|murder mystery|panto(?:mime)?|escape room|rehears(?:al|als|ing)|dress rehearsal|scenario (?:\d{1,2}|[a-f])|(?:training|simulation|tabletop|e-?learning|exercise) (?:scenario|question|vignette)s?|"
    r"personas|quiz(?:zes)?|(?:exercise[ ,.!]+){2,}exercise|endex|startex|exercise (?:tenant|players?|casualt(?:y|ies)|injects?)|casualty cards?|(?:simulated|standardi[sz]ed) patients?|actors? (?:plays?|playing|is playing|will play)\b|played by (?:an |our )?actors?|role[- ]?play(?:s|ers?|ing)?|casualty \d|vignettes?|case stud(?:y|ies)|product demo|free (?:trial|demo|webinar)|book a demo)\b"
)
# A person who is only drawn or told of; somebody real may be called so, thus only where people train, test or play.
CARTOON = (
    r"(?:mickey|minnie|mighty) mouse|(?:donald|daisy|daffy) duck|goofy|(?:homer|bart|marge|lisa) simpson|(?:fred|wilma) flintstone|barney rubble|bugs bunny|elmer fudd|popeye|scooby[- ]doo|batman|superman|spider-?man|wonder woman|spongebob(?: squarepants)?|"
    r"darth vader|luke skywalker|harry potter|hermione granger|winnie the pooh|peppa pig|postman pat|fireman sam|bob the builder|father christmas|santa claus|sherlock holmes|humpty dumpty|cinderella|snow white|peter pan|captain hook|peter rabbit|james bond"
)
# What a name has at its front that is nobody's: `XXTESTPATIENT-AAFT`, `ZZZTEST`, `XXTRAINING-Apple`.
MARKED = r"(?:zz+|xx+)[-_ ]?(?:test|train)[\w-]*"
PLAYED = re.compile(
    r"\b(?:train(?:ing)?\d{0,2}|trainees?|play (?:area|pen|domain|system|environment|list)|playground|demo|dummy|sandbox|uat|test (?:system|environment|domain|area|region|list|practice|bed|server|patients?|records?|data))\b"
)
# What agrees where a mail says so, and says nothing alone: somebody real may be off sick before an OSCE.
AGREES = re.compile(
    r"\b(?:osces?|mark ?sheets?|e-?learning|learnpro|actor'?s voice|sim (?:suite|lab)|live[- ]play|examiners?|delegates|play area|drama (?:college|school|students)|train(?:ing)? only|(?:slide|question) \d{1,2}\b[^.\n]{0,40}\b(?:module|course|deck|quiz))\b"
)
# What befell somebody real while others played.
HAPPENED = re.compile(
    r"\bno[- ]duff\b|\bfor real\b|\breal (?:collapse|arrest|emergency|event|incident|fit|seizure|casualty|injur\w+)\b|\b(?:not|isn'?t|wasn'?t|never) (?:part of|in) the (?:script|scenario|exercise|play|session|drill|plan)\b|\b(?:actually|really|genuinely) (?:happened|collapsed|fainted|fell|hurt|injured|had|passed out)\b"
    r"|\b(?:during|after|at|in) (?:the|our|today'?s|yesterday'?s) (?:sim |osce |role[- ]?play )?(?:session|exercise|drill|training|rehearsal)\b[^.\n]{0,60}\b(?:fainted|collapsed|fell|was taken|went to (?:ed|a&e|hospital)|had a (?:fit|seizure|panic attack|bleed)|broke (?:his|her|down)|told (?:me|us)|disclosed|confided)\b"
)
_NAMES = (
    r"zz+[a-z]*|xx+\w*|test[ ,^]{1,2}(?:patient|pt)\w*|patient[ ,^]{1,2}test\w*|testpatient|dummy|\w+[ ,^]{1,2}tester|tester|(?:mickey|minnie) mouse|mouse[ ,^]{1,2}m\w+|(?:donald|daffy|daisy) duck|duck[ ,^]{1,2}d\w+|"
    r"(?:[a-z]+ )?(?:manikin|mannequin)|(?:joe|fred|jo|jane) bloggs|bloggs[ ,^]{1,2}\w+|(?:john|jane|joe) doe|doe[ ,^]{1,2}j\w+|a\.? ?n\.? ?other|other[ ,^]{1,2}a\.? ?n\.?|(?-i:(?!(?:Blood|Urine|Stool|The|This|That|For|An|Each|Every|No|One|New|Test|Her|His|My)\b)[A-Z][a-z]+ (?:Sample|Example|Specimen|Placeholder|Testington)|(?:SAMPLE|EXAMPLE|SPECIMEN|Sample|Example|Specimen)[,^] ?[A-Z]\w+)|"
    r"(?:homer|bart|marge) simpson|simpson[ ,^]{1,2}(?:homer|bart|marge)|(?:fred|wilma) flintstone|father christmas|santa claus|harry potter|potter[ ,^]{1,2}harry|bugs bunny|sherlock holmes|peter rabbit|humpty dumpty|cinderella|everyman[ ,^]{1,2}adam|adam everyman|(?:george|mr|mrs) nobody|nobody[ ,^]{1,2}\w+|teddy bear|(?:peter )?(?:james )?chalmers(?=.{0,60}1974-12-25)|(?:jane |joan )?smith(?=.{0,60}2010-10-22)|(?:mr|mrs) test|"
    r"(?-i:(?!Ward|Room|Unit|Desk)[A-Z][a-z]{3,12}\d{3})|qa[ ,^]{1,2}phantom|phantom[ ,^]{1,2}\w+|test ?user\w{0,12}|testerton|testington|testers?son|testov|dummyson|dummyman|fakename|fakeman|mockname|\w+[ ,^]donotuse|donotuse"
)
_PLACES = (
    r"\d{1,4}[a-z]? (?:(?:any|some|no|every)(?:where|town|street|place|road)?|test|testing|sample|example|dummy|fake|made[- ]up|disney\w*|imaginary|fictional|demo|training|mouse\w*|duck\w*) (?:street|road|way|lane|avenue|close|drive|st|rd|park)|"
    r"\d{1,4}[a-z]? trevelyan square|erewhon|(?:any|some|test|sample|demo|dummy|example)(?:town|ville|shire|city|village)|221b baker street|(?:aa1|a1|ab1|xx1|xx99|zz1|te5t|te57) ?\d[a-z]{2}"
)
_NUMBERS = (
    r"(?P<known>900[ -]?000[ -]?00\d\d|943[ -]?476[ -]?(?:5919|5870)|patid\d{3,})|9[0-8]\d[ -]?\d{3}[ -]?\d{4}|(?:999|000)[ -]?\d{3}[ -]?\d{4}|123[ -]?456[ -]?78\d\d|012[ -]?345[ -]?6789|987[ -]?654[ -]?3210|(?P<same>\d)(?P=same){2}[ -]?(?P=same){3}[ -]?(?P=same){4}|07700[ -]?900[ -]?\d{3}|01632[ -]?960[ -]?\d{3}|"
    r"zz99 ?\d[a-z]{2}|0?1[/.-]0?1[/.-](?:19\d\d|2000)|(?:0?1|1st)[ -]jan(?:uary)?[ -](?:19\d\d|2000)|(?:19\d\d|2000)-?01-?01|(?:test|dummy|demo)\d{2,}|qq ?12 ?34 ?56 ?[abc]"
)
# Names and places that nobody bears; values that a real person may have been given (no fixed abode, birth unknown) or that a fixture uses.
LOOKS = re.compile(rf"(?<![\w@])(?:(?P<odd>{_NAMES}|{_PLACES})|{_NUMBERS})(?![\w])", re.IGNORECASE)
