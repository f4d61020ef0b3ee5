"""Changing the words of mails, and noting whose mail is held back because a value is missing."""

from portal.wording.actions.changing import WordsChanged, change_mail, use_our_words, use_version
from portal.wording.actions.holding_back import forget_old_held_back, hold_back, holding_back, let_go

__all__ = [
    "WordsChanged",
    "change_mail",
    "forget_old_held_back",
    "hold_back",
    "holding_back",
    "let_go",
    "use_our_words",
    "use_version",
]
