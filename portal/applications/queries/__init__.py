"""Reading applications, for candidates and for the staff."""

from portal.applications.queries.candidate import (
    ApplicationCard,
    ApplicationView,
    EventLine,
    applications_of,
    find_application_of,
    find_followed,
)
from portal.applications.queries.due import DueCounts, DueLine, due_for
from portal.applications.queries.letters import LetterLine, letters_to
from portal.applications.queries.listed import Choice, list_applications, openings_for_filter
from portal.applications.queries.promises import NextPromise, next_promise
from portal.applications.queries.shown import StaffScope
from portal.applications.queries.staff import (
    StaffEvent,
    StaffFilter,
    StaffLine,
    StaffView,
    applications_of_person,
    find_for_staff,
)
from portal.applications.queries.waiting import (
    Going,
    KeptDraft,
    WaitingLetter,
    kept_draft,
    open_rests,
    planned,
    rest_of,
    waiting_letters,
    when_it_goes,
)

__all__ = [
    "ApplicationCard",
    "ApplicationView",
    "Choice",
    "DueCounts",
    "DueLine",
    "EventLine",
    "Going",
    "KeptDraft",
    "LetterLine",
    "NextPromise",
    "StaffEvent",
    "StaffFilter",
    "StaffLine",
    "StaffScope",
    "StaffView",
    "WaitingLetter",
    "applications_of",
    "applications_of_person",
    "due_for",
    "find_application_of",
    "find_followed",
    "find_for_staff",
    "kept_draft",
    "letters_to",
    "list_applications",
    "next_promise",
    "open_rests",
    "openings_for_filter",
    "planned",
    "rest_of",
    "waiting_letters",
    "when_it_goes",
]
