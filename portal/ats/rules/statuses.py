"""What the words of another system mean for a candidate: status words, stages and end reasons."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from portal.applications.states import ENDINGS, ApplicationStatus
from portal.ats.rules.labels import ENDING_OF, means_elsewhere, word_elsewhere
from portal.ats.rules.text import normalise_label
from portal.ats.states import StatusWord

_WORDS: Final[dict[StatusWord, str]] = {
    StatusWord.ACTIVE: """
        active, open, in progress, in process, in review, under review, under consideration, new, received, applied,
        live, ongoing, current, currently active, pending, on hold, reopened""",
    StatusWord.REJECTED: """
        rejected, reject, disqualified, archived, declined, declined by company, rejected by company, not selected,
        not hired, not moving forward, no longer under consideration, unsuccessful, turned down, dismissed, failed,
        knocked out, auto rejected, position filled, not a fit, not qualified, unqualified""",
    StatusWord.HIRED: "hired, hire, joined, onboarded, onboarding, started, placed, offer accepted, accepted offer",
    StatusWord.WITHDRAWN: """
        withdrawn, withdrew, withdraw, candidate withdrew, candidate withdrawn, applicant withdrew,
        withdrawn by candidate, withdrawn by applicant, rejected by candidate, declined by candidate, self withdrawn,
        self withdrew, dropped out, opted out, candidate declined""",
    StatusWord.OFFER_DECLINED: """
        offer declined, declined offer, offer rejected, rejected offer, offer refused, offer turned down,
        offer declined by candidate, offer rejected by candidate""",
    StatusWord.CANCELLED: """
        cancelled, canceled, opening cancelled, opening canceled, job cancelled, job canceled, job closed,
        position closed, position cancelled, position canceled, opening closed, requisition closed,
        requisition cancelled, requisition canceled, vacancy closed, vacancy cancelled""",
}
_WORD_OF: Final = {normalise_label(alias): word for word, aliases in _WORDS.items() for alias in aliases.split(",")}

#: The words that candidates read, so that a file may say them itself.
_OWN: Final = {status.value.replace("_", " "): status for status in ApplicationStatus}

#: What a label most likely means, the first that fits; for the prefilled mapping page only, never applied unseen.
_SUGGESTIONS: Final[tuple[tuple[ApplicationStatus | None, re.Pattern[str]], ...]] = tuple(
    (status, re.compile(rf"\b(?:{pattern})\b"))
    for status, pattern in (
        (None, r"do not use|deprecated|duplicate\w*|spam|test stage|on hold|holding|future|talent pool|zz+"),
        (
            ApplicationStatus.OPENING_CANCELLED,
            r"(?:position|job|role|opening|requisition|req|vacancy|headcount) "
            r"(?:was |has been |is )?(?:closed|cancell?ed|frozen|withdrawn)|(?:cancell?ed|closed) "
            r"(?:position|job|role|opening|requisition|req|vacancy)|hiring freeze|opening cancell?ed|cancell?ed",
        ),
        (
            ApplicationStatus.OFFER_DECLINED,
            r"offer (?:was )?(?:declined|rejected|refused|turned down)|(?:declined|rejected|refused|turned down)"
            r"(?: (?:the|our))? offer",
        ),
        (
            ApplicationStatus.WITHDRAWN,
            r"withdrew|withdrawn|withdrawal|withdraw|no longer interested|not interested|dropped out|"
            r"(?:accepted|took|has|found|chose) (?:another|other|a new|different) (?:offer|job|role|position)|"
            r"(?:declined|rejected|withdrawn) by (?:the )?(?:candidate|applicant)|"
            r"(?:candidate|applicant) (?:declined|withdrew)",
        ),
        (
            ApplicationStatus.NOT_SELECTED,
            r"(?:hired|selected|chose|went with) (?:an? |the )?"
            r"(?:other|another|someone|different|internal\w*|stronger)|"
            r"reject\w*|disqualif\w*|not selected|not hired|not (?:a )?(?:good )?fit|cultur(?:e|al) fit|"
            r"not qualified|unqualified|under ?qualified|over ?qualified|more qualified candidate\w*|"
            r"lack\w*|missing skills?|insufficient\w*|unsuccessful|position filled|failed|archived|"
            r"no longer under consideration|stronger candidate\w*",
        ),
        (ApplicationStatus.HIRED, r"hired|hire|onboarding|onboarded|offer accepted|accepted offer|offer signed|joined"),
        (
            ApplicationStatus.DECISION_PENDING,
            r"pre offer|offer (?:pending|approval|preparation|in preparation|prep)|decisions?|debrief\w*|"
            r"references?(?: checks?)?|background checks?|deliberation|final review|hiring committee|approvals?",
        ),
        (ApplicationStatus.OFFER_MADE, r"offers?|offered|offer made|offer sent|offer extended|contract|negotiation"),
        (
            ApplicationStatus.IN_REVIEW,
            r"(?:resume|cv|application|profile|hiring manager|manager|team|initial|hm) (?:review|screen|screening)|"
            r"review\w*|shortlist\w*|long ?list\w*|screening|under consideration|in progress|assess(?:ing)? fit",
        ),
        (
            ApplicationStatus.INTERVIEWING,
            r"interview\w*|(?:phone|telephone|video|recruiter|phone call|hr|technical|tech) screen(?:ing)?|screen|"
            r"phone|call|panel|on ?site|final round|(?:first|second|third|\d\w{0,2}) round|round|assessments?|"
            r"tests?|take home\w*|homework|assignments?|case study|challenge|exercise|trial(?: day)?|work sample|"
            r"presentation|meet(?:ing)?(?: the team)?|coding|chat",
        ),
        (
            ApplicationStatus.RECEIVED,
            r"received|applied|new|new (?:applicant|application)s?|inbox|applicants?|inbound|submitted|"
            r"application (?:received|submitted)",
        ),
    )
)


@dataclass(frozen=True)
class StatusRead:
    """Where an imported application stands, and which of its labels nobody has mapped yet."""

    status: ApplicationStatus
    is_stage_unknown: bool = False
    is_reason_unknown: bool = False


def read_status_word(text: str) -> StatusWord | None:
    """What a status cell says; None when it is empty or a word we do not know."""
    return _WORD_OF.get(normalise_label(text)) or word_elsewhere(text)


def own_status(label: str) -> ApplicationStatus | None:
    """The status that is spelled like `label`, so that a file may use our own words."""
    return _OWN.get(normalise_label(label))


def candidate_status(
    stage: str,
    status_word: StatusWord | None,
    reject_reason: str,
    stage_map: Mapping[str, ApplicationStatus],
    reason_map: Mapping[str, ApplicationStatus],
    has_status_column: bool,
) -> StatusRead:
    """The status a candidate reads for one imported row. The maps are keyed by `normalise_label`.

    A status word other than active says that it has ended; a mapped end reason says more exactly how, except for the
    hired. Active rows stand where their stage is mapped. Without a status column an end reason decides; with one, a
    row whose status is empty or unknown is never ended by a reason alone. What nobody mapped reads In review.
    """
    reason = normalise_label(reject_reason)
    if status_word is not None and status_word is not StatusWord.ACTIVE:
        return _ended(status_word, reason, reason_map)
    if reason and not has_status_column:
        mapped = reason_map.get(reason) or _OWN.get(reason)
        return StatusRead(mapped or ApplicationStatus.IN_REVIEW, is_reason_unknown=mapped is None)
    key = normalise_label(stage)
    is_reason_unknown = bool(reason) and status_word is None
    if not key:
        return StatusRead(ApplicationStatus.IN_REVIEW, is_reason_unknown=is_reason_unknown)
    mapped = stage_map.get(key) or _OWN.get(key)
    return StatusRead(
        mapped or ApplicationStatus.IN_REVIEW, is_stage_unknown=mapped is None, is_reason_unknown=is_reason_unknown
    )


def _ended(word: StatusWord, reason: str, reason_map: Mapping[str, ApplicationStatus]) -> StatusRead:
    ending = ENDING_OF[word]
    if word is StatusWord.HIRED or not reason:
        return StatusRead(ending)
    mapped = reason_map.get(reason) or _OWN.get(reason)
    if mapped in ENDINGS:
        return StatusRead(mapped)
    return StatusRead(ending, is_reason_unknown=mapped is None)


def suggest_status(label: str) -> ApplicationStatus | None:
    """What a stage or end reason most likely means, to prefill the page where a recruiter maps it; None: no idea."""
    key = normalise_label(label)
    if key in _OWN:
        return _OWN[key]
    if word := read_status_word(label):
        return ENDING_OF.get(word) or _first_guess(key, label)
    return _first_guess(key, label)


def _first_guess(key: str, label: str) -> ApplicationStatus | None:
    guesses = (status for status, pattern in _SUGGESTIONS if pattern.search(key) or means_elsewhere(status, label))
    return next(guesses, None)
