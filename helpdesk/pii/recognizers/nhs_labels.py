"""What says that a number is an NHS or a Health and Care number, in the spellings that people and OCR give it. For lower-case text but AFTER_LABEL."""

import re

_HEALTH_AND_CARE = r"h ?[&+] ?c|h/c|h and c|hcn|health (?:and|&) (?:social )?care"
_NUMBER = r"n ?[o0]|num|n[o0]s|numbers?|nmbr|nr|id|#|rhif"
LABEL = re.compile(
    rf"\b(?:nh[s5]|n[. ]h[. ][s5]\.?|rhif gig|gig|{_HEALTH_AND_CARE})(?:[ \t]{{0,2}}(?:{_NUMBER})\b(?:\.| \.)?s?)?"
    r"[ \t'\")]*(?:(?:off (?:my|the|his|her|their) \w+|of|is|was|for (?:him|her|them|pt|patient)|as|ends?|starts?|reads|=|:|-|#|\(|on (?:the|my) \w+|should be|comes up as|\t)[ \t'\"(:]*){0,3}\n?[ \t]{0,3}"
)
# What says a few words before a number whose it is: `her H&C isn't known. It's 320 ...`, `she's 320 ...`, a system of FHIR.
FAR_LABEL = re.compile(
    rf"\b(?:(?:nhs|chi) (?:no|num|number)|{_HEALTH_AND_CARE})\b[^\d\n]{{0,60}}?\b(?:it'?s|it is|it reads|which is) $|\b(?:he|she)(?:'s| is) (?:number |no )?$"
    r"|nhs-number[\"'][, \n]{1,24}[\"']value[\"'][ ]?:[ ]?[\"']$"
)
SOME_LABEL = re.compile(
    r"\b(?:my|his|her|their|the|patient'?s?|pt'?s?)(?: (?:nhs|health|card))? (?:number|no|num)\b\.?[ \t'\"]{0,2}(?:(?:is|was|on \w{1,8} \w{1,10} is|=|:|-)[ \t'\"]{0,3}){0,2}"
)
AFTER_LABEL = re.compile(
    r"[\dOoIl|SBZ](?:[ \t]?[ .,\-/_\n][ \t]?|[ \t]{0,3}\n?[ \t]{0,3})?(?:[\dOoIl|SBZ](?:[ \t]?[ .\-/_\n]?[ \t]?)){7,10}[\dOoIl|SBZ](?!\w)"
)
# What joins a second number to one under a label; the number itself is written whole or in groups.
ANOTHER = re.compile(
    r"(?:[ ]?[,;/&+][ ]?|[ ])(?:(?:and|or|not|vs|versus|but|with|into|instead of|rather than|should be|should read|also)\b[ ])?(?:(?:the|an?|her|his|their|its)[ ])?"
    r"(?:(?:old|older|other|new|newer|second|wrong|right|correct|duplicate|dup|same|real|true)[ ])?(?:(?:one|number|no|record|chart|is|was)[ ]){0,2}(?=\d{3}[ -]?\d{3}[ -]?\d{4}(?![\w-]))"
)
