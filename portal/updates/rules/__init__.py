"""What an update says, who may read it, and what may be done with it."""

from portal.updates.rules.checking import (
    BODY_LENGTH,
    LINE_LENGTH,
    MISSING_WORDS,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    WORDS_LENGTH,
    Missing,
    OpeningFacts,
    PublishingBlocked,
    Surroundings,
    missing,
)
from portal.updates.rules.comparing import Difference, differences
from portal.updates.rules.content import UpdateContent, as_json, from_json, is_form_key
from portal.updates.rules.markdown import html_of, text_of
from portal.updates.rules.moving import (
    MoveRefused,
    NoSuchTime,
    NothingChanged,
    StaleDraft,
    check_move,
    instant_of,
    slug_of,
)
from portal.updates.rules.reaching import (
    CAN_HAVE,
    FEW,
    Reach,
    reach_of,
    reason_about_one,
    reason_of,
    reason_words,
    shown_count,
)
from portal.updates.rules.searching import search_text_of
from portal.updates.rules.visibility import Viewer, is_for, may_know_withdrawn, may_read
from portal.updates.rules.writing import ShownUpdate, audience_in_words, content_in_words

__all__ = [
    "BODY_LENGTH",
    "CAN_HAVE",
    "FEW",
    "LINE_LENGTH",
    "MISSING_WORDS",
    "SUMMARY_LENGTH",
    "TITLE_LENGTH",
    "WORDS_LENGTH",
    "Difference",
    "Missing",
    "MoveRefused",
    "NoSuchTime",
    "NothingChanged",
    "OpeningFacts",
    "PublishingBlocked",
    "Reach",
    "ShownUpdate",
    "StaleDraft",
    "Surroundings",
    "UpdateContent",
    "Viewer",
    "as_json",
    "audience_in_words",
    "check_move",
    "content_in_words",
    "differences",
    "from_json",
    "html_of",
    "instant_of",
    "is_for",
    "is_form_key",
    "may_know_withdrawn",
    "may_read",
    "missing",
    "reach_of",
    "reason_about_one",
    "reason_of",
    "reason_words",
    "search_text_of",
    "shown_count",
    "slug_of",
    "text_of",
]
