"""Changes of offers: what colleagues say about them, and how candidates answer."""

from portal.offers.actions.answering import accept_offer, ask_for_time, decline_offer, hears_by_after_yes
from portal.offers.actions.closing import close_with_application, notice_overdue, overdue_key
from portal.offers.actions.owing import cause_of
from portal.offers.actions.saying import After, Ready, Saying, find_to_write, newest_offer, prepare, say
from portal.offers.actions.taking_back import forget_word, send_word_now, take_back_word, throw_words_away

__all__ = [
    "After",
    "Ready",
    "Saying",
    "accept_offer",
    "ask_for_time",
    "cause_of",
    "close_with_application",
    "decline_offer",
    "find_to_write",
    "forget_word",
    "hears_by_after_yes",
    "newest_offer",
    "notice_overdue",
    "overdue_key",
    "prepare",
    "say",
    "send_word_now",
    "take_back_word",
    "throw_words_away",
]
