"""What the words of a sentence mean: does it tell somebody's private matter, or speak of a system, a stock, a policy?

    semantic = Semantic.load(settings)
    windows = windows_of(reading, found)                    # a few sentences each, names masked
    judgements = semantic.judge([window.masked for window in windows])
    mail = semantic.whole(judgements)

Learnt from `text/`, written for it; `python -m helpdesk.pii.semantic.train`. docs: README.md beside this file.
"""

from helpdesk.pii.semantic.judge import Judgement, Semantic, SemanticError
from helpdesk.pii.semantic.masking import Mask, Masked, mask
from helpdesk.pii.semantic.windows import Window, windows_of

__all__ = ["Judgement", "Mask", "Masked", "Semantic", "SemanticError", "Window", "mask", "windows_of"]
