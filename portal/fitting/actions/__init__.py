"""Inviting people to apply, taking it back, saying "not now", and asking the recruiter to look who may fit."""

from portal.fitting.actions.answering import say_not_now
from portal.fitting.actions.asking import ask_to_look, note_seen
from portal.fitting.actions.inviting import STEP, Words, begin_inviting, cause_of, go_on_with_round, preview_for
from portal.fitting.actions.taking_back import drop_if_outdated, forget_old_rounds, take_round_back

__all__ = [
    "STEP",
    "Words",
    "ask_to_look",
    "begin_inviting",
    "cause_of",
    "drop_if_outdated",
    "forget_old_rounds",
    "go_on_with_round",
    "note_seen",
    "preview_for",
    "say_not_now",
    "take_round_back",
]
