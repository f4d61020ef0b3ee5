"""What the staff's home, the search and the cards of people show."""

from portal.desk.queries.candidates import (
    CandidateCard,
    CandidateLine,
    candidates,
    find_candidate,
    neighbours_of,
)
from portal.desk.queries.home import (
    DueDay,
    DueRow,
    DueTasks,
    HeldImport,
    StoodInFor,
    TaskRow,
    UnmappedLabels,
    Waiting,
    due_tasks,
    not_among,
    owed_in_the_morning,
    stood_in_for,
    what_else_waits,
    what_is_due,
    with_tasks,
)
from portal.desk.queries.search import Found, FoundOpening, FoundPerson, find_all
from portal.desk.queries.story import Story, StoryEntry, story_of

__all__ = [
    "CandidateCard",
    "CandidateLine",
    "DueDay",
    "DueRow",
    "DueTasks",
    "Found",
    "FoundOpening",
    "FoundPerson",
    "HeldImport",
    "StoodInFor",
    "Story",
    "StoryEntry",
    "TaskRow",
    "UnmappedLabels",
    "Waiting",
    "candidates",
    "due_tasks",
    "find_all",
    "find_candidate",
    "neighbours_of",
    "not_among",
    "owed_in_the_morning",
    "stood_in_for",
    "story_of",
    "what_else_waits",
    "what_is_due",
    "with_tasks",
]
