"""Kinds of tasks, how a task moves from due to done, and what can happen to one."""

from enum import StrEnum
from typing import Final


class TaskKind(StrEnum):
    """What somebody owes; its words, its link and who can do it are in `rules`."""

    #: A letter about an application did not arrive; with who looks after the application.
    DEAD_LETTER = "dead_letter"
    #: A mail about somebody's account did not arrive; with an admin.
    DEAD_ACCOUNT_LETTER = "dead_account_letter"
    #: The invitation of a colleague did not arrive; with an admin.
    DEAD_INVITATION = "dead_invitation"
    #: Somebody was promised word and heard nothing in time; with the lead of who promised it.
    MISSED_PROMISE = "missed_promise"
    #: Somebody is owed word in two working days, and a draft is ready; with who looks after the application.
    UPDATE_DUE = "update_due"
    #: Two automatic notes in a row, and no person wrote; with the lead of who looks after the application.
    ESCALATED = "escalated"
    #: The same for twenty working days; with an admin, until somebody has answered or ended it.
    ESCALATED_TOO_LONG = "escalated_too_long"
    #: Stages or end reasons of an import that nobody has given a meaning; with who imported it, else an admin.
    LABELS_TO_MAP = "labels_to_map"
    #: An import whose people get nothing automatic until somebody has looked; with who imported it, else an admin.
    IMPORT_TO_RELEASE = "import_to_release"
    #: A candidate wrote and waits for an answer; with who looks after what it is about.
    QUESTION = "question"
    #: What we wrote in a conversation did not arrive; with who wrote it.
    DEAD_REPLY = "dead_reply"
    #: A mail came in that may be a candidate's, from an address that is not; with who looks after them.
    HELD_MAIL = "held_mail"
    #: A candidate must answer another offer soon, which only who looks after their application knows; with them.
    OFFER_DEADLINE = "offer_deadline"
    #: A letter said "not yet" and named a day by which they hear again; with who looks after the application.
    STAY_IN_TOUCH = "stay_in_touch"
    #: A colleague has left; with who took over what they looked after.
    HANDED_OVER = "handed_over"
    #: A colleague gave applications of an opening to somebody; with them.
    REASSIGNED = "reassigned"
    #: An opening was finished, and an import put somebody into it who has no ending; with its recruiter, else an admin.
    OPENED_AGAIN = "opened_again"
    #: The day by which an opening said to be decided has passed; with its recruiter, else an admin.
    DECISION_LATE = "decision_late"
    #: An opening was published, and people may fit it; with its recruiter, else an admin.
    WHO_MAY_FIT = "who_may_fit"
    #: The day on which somebody wanted to look at a pool again has come; with who looks after it, else an admin.
    POOL_REVIEW = "pool_review"
    #: An update lacked something when its time had come, so it did not go out; with who wrote it, else an admin.
    UPDATE_HELD_UP = "update_held_up"
    #: A colleague wrote feedback, and another is to approve it; with who looks after the application, if they may.
    FEEDBACK_TO_APPROVE = "feedback_to_approve"
    #: A candidate asked for another time of an interview, or said that they cannot come; with who arranges it.
    INTERVIEW_WISH = "interview_wish"
    #: The time of an interview has passed, and nobody said what became of it; with who arranged it.
    INTERVIEW_TO_CLOSE = "interview_to_close"
    #: A candidate asked for time, accepted, or let the day of an offer pass; with who looks after the application.
    OFFER_WAITS = "offer_waits"
    #: Feedback that a candidate is owed, two working days before its last; with who looks after the application.
    FEEDBACK_DUE = "feedback_due"
    #: Somebody gave a low score and may be written to; with a colleague whom it is not about.
    LOW_SCORE = "low_score"


#: Only who owes one sees it: no lead, no admin, nobody who stands in for them, as it may be about any of those.
PRIVATE: Final = frozenset({TaskKind.LOW_SCORE})
#: Done by saying in a word what came of it, not by ticking it off.
DONE_WITH_A_WORD: Final = frozenset({TaskKind.LOW_SCORE})


class TaskState(StrEnum):
    """Where a task stands."""

    DUE = "due"
    #: Too late: the lead of who owes it looks after it too.
    ESCALATED = "escalated"
    DONE = "done"
    #: What it was about is no more.
    CANCELLED = "cancelled"


OPEN_STATES: Final[tuple[TaskState, ...]] = (TaskState.DUE, TaskState.ESCALATED)
CLOSED_STATES: Final[tuple[TaskState, ...]] = (TaskState.DONE, TaskState.CANCELLED)

#: The legal moves; a task is reopened to undo, or when its reason is back.
MOVES: Final[dict[TaskState, frozenset[TaskState]]] = {
    TaskState.DUE: frozenset({TaskState.ESCALATED, TaskState.DONE, TaskState.CANCELLED}),
    TaskState.ESCALATED: frozenset({TaskState.DUE, TaskState.DONE, TaskState.CANCELLED}),
    TaskState.DONE: frozenset({TaskState.DUE}),
    TaskState.CANCELLED: frozenset({TaskState.DUE}),
}


class TaskEventKind(StrEnum):
    """What happened to a task."""

    NOTED = "noted"
    HANDED_OVER = "handed_over"
    ESCALATED = "escalated"
    DONE = "done"
    #: Its reason has gone: it finished itself.
    SETTLED = "settled"
    CANCELLED = "cancelled"
    REOPENED = "reopened"
