"""Surveys, who was asked, the ballot box, and what was released from it.

The tables of the ballot box and of what comes out of it hold no person, no time and no order: random keys, no rowid
(SQLite), written shuffled by the release. Who answered stands in `SurveyInvitation` as a flag without a time.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.applications.states import ApplicationStatus
from portal.core.db import Model, Word
from portal.surveys.states import CountedAs, PostState, SurveyState, Touchpoint, WhyNotAsked

#: Rows of such a table lie in the order of their random keys.
_UNORDERED = {"sqlite_with_rowid": False}
_NOT_CLOSED = text("state <> 'closed'")
#: Of invitations: where they stand is not in `SurveyReach` yet. Word for word, or the index is not used.
NOT_COUNTED = text("counted_as IS NULL OR (counted_as = 'asked' AND is_opened)")
_OF_RESPONSES = text("question_id = '' AND value = '=responses'")


class Survey(Model):
    """What is asked at one touchpoint: the draft that is edited, and the number of the version that is asked."""

    __tablename__ = "survey"
    __table_args__ = (
        CheckConstraint("(state = 'draft') = (version_number = 0)", name="published_once"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        # One at a time asks at a touchpoint.
        Index("ix_survey_asked", "touchpoint", unique=True, sqlite_where=_NOT_CLOSED, postgresql_where=_NOT_CLOSED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    touchpoint: Mapped[Touchpoint] = mapped_column(Word(Touchpoint))
    state: Mapped[SurveyState] = mapped_column(Word(SurveyState))
    #: See `rules.questions.Content`; what the next version will say.
    draft: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: Goes up with each change of the draft: whoever saves an older one is shown both.
    draft_number: Mapped[int] = mapped_column(Integer)
    #: Number of the newest version; 0: none was published.
    version_number: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class SurveyVersion(Model):
    """What was published: it never changes under its answers."""

    __tablename__ = "survey_version"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: None: it came with the program, or whoever published it was erased.
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    published_at: Mapped[datetime]


class SurveyInvitation(Model):
    """That somebody came past a touchpoint, and was asked or was not; whether they answered, and never when."""

    __tablename__ = "survey_invitation"
    __table_args__ = (
        CheckConstraint("why_not IS NULL OR (NOT is_opened AND NOT is_answered)", name="asked_or_not"),
        CheckConstraint("NOT is_answered OR is_opened", name="opened_first"),
        CheckConstraint("is_opened = (version_number IS NOT NULL)", name="opened_version"),
        CheckConstraint("lot IS NULL OR is_answered", name="in_a_lot"),
        ForeignKeyConstraint(["survey_id", "version_number"], ["survey_version.survey_id", "survey_version.number"]),
        Index("ix_survey_invitation_survey", "survey_id", "why_not", "is_opened", "is_answered"),
        Index("ix_survey_invitation_asked_on", "asked_on"),
        Index(
            "ix_survey_invitation_lot",
            "lot",
            sqlite_where=text("lot IS NOT NULL"),
            postgresql_where=text("lot IS NOT NULL"),
        ),
        Index("ix_survey_invitation_uncounted", "id", sqlite_where=NOT_COUNTED, postgresql_where=NOT_COUNTED),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: None: it is about the community.
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)
    #: What they came past, once: see `rules.inviting.cause_of`.
    cause: Mapped[str] = mapped_column(String(80), unique=True)
    #: Calendar days in the company's zone: asked or passed over, and the last on which an answer is taken.
    asked_on: Mapped[date]
    closes_on: Mapped[date]
    #: Why they were not asked; None: they were.
    why_not: Mapped[WhyNotAsked | None] = mapped_column(Word(WhyNotAsked))
    #: None: it stands in the portal only.
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    reminder_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    #: Which version they answer: the newest when they saved their first answer.
    version_number: Mapped[int | None]
    is_opened: Mapped[bool] = mapped_column(Boolean)
    is_answered: Mapped[bool] = mapped_column(Boolean)
    #: Which ballots theirs is among: five and more of them, once it is released. None: signed, or not answered.
    lot: Mapped[str | None] = mapped_column(String(12))
    #: What `SurveyReach` counts of them; None: nothing yet.
    counted_as: Mapped[CountedAs | None] = mapped_column(Word(CountedAs))


class SurveyReach(Model):
    """How many were asked, began to answer, or were not asked and why; whoever is erased has been counted."""

    __tablename__ = "survey_reach"

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    #: See `rules.reaching`.
    what: Mapped[str] = mapped_column(String(60), primary_key=True)
    count: Mapped[int]


class PartialAnswers(Model):
    """What somebody has answered so far and not sent: it is tied to them, says so, and goes after 30 days."""

    __tablename__ = "partial_answers"

    invitation_id: Mapped[int] = mapped_column(ForeignKey("survey_invitation.id", ondelete="CASCADE"), primary_key=True)
    #: Id of the question: the answer; see `rules.answers`.
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    delete_on: Mapped[date] = mapped_column(index=True)


class Lot(Model):
    """Ballots that are released together at the soonest: those of one version and one opening, until it is full."""

    __tablename__ = "ballot_lot"

    key: Mapped[str] = mapped_column(String(12), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    version_number: Mapped[int]
    #: 0: of no opening.
    opening_id: Mapped[int]
    ballot_count: Mapped[int]

    __table_args__ = (Index("ix_ballot_lot_open", "survey_id", "version_number", "opening_id", "ballot_count"),)


class Ballot(Model):
    """The answers of nobody in particular, until they are released."""

    __tablename__ = "ballot"
    __table_args__ = (Index("ix_ballot_survey", "survey_id"), _UNORDERED)

    key: Mapped[str] = mapped_column(String(24), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    version_number: Mapped[int]
    lot: Mapped[str] = mapped_column(String(12))
    #: What it could be shown by; see `rules.releasing.Cut`.
    opening_id: Mapped[int | None] = mapped_column(ForeignKey("opening.id"))
    area: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[ApplicationStatus | None] = mapped_column(Word(ApplicationStatus))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)


class SurveyPart(Model):
    """Five and more responses that were released together and can be shown by the same things, and by no more."""

    __tablename__ = "survey_part"
    __table_args__ = (
        CheckConstraint("response_count >= 5", name="five_and_more"),
        Index("ix_survey_part_survey", "survey_id", "week_on"),
        _UNORDERED,
    )

    key: Mapped[str] = mapped_column(String(24), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    #: The newest of theirs; all of them asked the same, see `rules.releasing.questionnaires`.
    version_number: Mapped[int]
    #: None and empty where it would have stood for fewer than five.
    opening_id: Mapped[int | None] = mapped_column(ForeignKey("opening.id"))
    area: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[ApplicationStatus | None] = mapped_column(Word(ApplicationStatus))
    #: The Monday of the week of the release, in the company's zone.
    week_on: Mapped[date]
    response_count: Mapped[int]


class SurveyResponse(Model):
    """One released ballot: choices and numbers; what was written stands apart, in `SurveyComment`."""

    __tablename__ = "survey_response"
    __table_args__ = (Index("ix_survey_response_part", "part_key"), _UNORDERED)

    key: Mapped[str] = mapped_column(String(24), primary_key=True)
    part_key: Mapped[str] = mapped_column(ForeignKey("survey_part.key"))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)


class WaitingComment(Model):
    """Words from a released ballot that wait until there are ten that can be shown by the same things."""

    __tablename__ = "waiting_comment"
    __table_args__ = (Index("ix_waiting_comment_survey", "survey_id"), _UNORDERED)

    key: Mapped[str] = mapped_column(String(24), primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"))
    question_id: Mapped[str] = mapped_column(String(24))
    opening_id: Mapped[int | None] = mapped_column(ForeignKey("opening.id"))
    area: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[ApplicationStatus | None] = mapped_column(Word(ApplicationStatus))
    words: Mapped[str] = mapped_column(Text)


class SurveyComment(Model):
    """Words that nobody in particular wrote; ten and more were released together."""

    __tablename__ = "survey_comment"
    __table_args__ = (
        # How many there are is read from it alone.
        Index("ix_survey_comment_shown_by", "survey_id", "question_id", "area", "opening_id", "outcome"),
        _UNORDERED,
    )

    # By survey first: a search reads all that was written to one, and they lie beside each other.
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(24), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(24))
    opening_id: Mapped[int | None] = mapped_column(ForeignKey("opening.id"))
    area: Mapped[str] = mapped_column(String(60))
    outcome: Mapped[ApplicationStatus | None] = mapped_column(Word(ApplicationStatus))
    week_on: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    #: What the search looks through: the words, folded by `fold_search`.
    search_text: Mapped[str] = mapped_column(Text)


class SurveyCommentTag(Model):
    """A word that colleagues put on a released text, to find it again; written alike it is one tag.

    It says what a text is about and nothing of whoever wrote it: no time, and no number that counts up.
    """

    __tablename__ = "survey_comment_tag"
    __table_args__ = (
        ForeignKeyConstraint(["survey_id", "comment_key"], ["survey_comment.survey_id", "survey_comment.key"]),
        # How many texts have each is read from it alone.
        Index("ix_survey_comment_tag_key", "survey_id", "key", "name"),
        _UNORDERED,
    )

    survey_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    comment_key: Mapped[str] = mapped_column(String(24), primary_key=True)
    #: The name without what letter case and white space make different; see `portal.notes.rules.tag_key`.
    key: Mapped[str] = mapped_column(String(60), primary_key=True)
    #: As it was first written, for every text that has it.
    name: Mapped[str] = mapped_column(String(60))


class SignedResponse(Model):
    """Answers that somebody put their name to, perhaps with leave to write to them about it."""

    __tablename__ = "signed_response"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    version_number: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    application_id: Mapped[int | None] = mapped_column(ForeignKey("application.id"), index=True)
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    may_contact: Mapped[bool] = mapped_column(Boolean)
    signed_on: Mapped[date]
    #: Whether the totals count it: after the decision, and never alone; see `rules.releasing.counted_beside`.
    is_counted: Mapped[bool] = mapped_column(Boolean)


class SurveyTally(Model):
    """How often one answer was given, in one month of releases, within one scope."""

    __tablename__ = "survey_tally"
    __table_args__ = (_UNORDERED,)

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    #: See `rules.scopes`: all of them, or those of one area, opening or outcome.
    scope: Mapped[str] = mapped_column(String(120), primary_key=True)
    #: Empty: counts of whole responses.
    question_id: Mapped[str] = mapped_column(String(24), primary_key=True)
    #: The first day of the month, in the company's zone.
    month_on: Mapped[date] = mapped_column(primary_key=True)
    #: A number, the id of an option, or what `rules.scopes` names.
    value: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]


class SurveyTotal(Model):
    """The tally over all its months, which the release keeps as well: a page does not add up years."""

    __tablename__ = "survey_total"
    __table_args__ = (
        # What results can be narrowed to is read from it alone.
        Index(
            "ix_survey_total_responses",
            "survey_id",
            "scope",
            "count",
            sqlite_where=_OF_RESPONSES,
            postgresql_where=_OF_RESPONSES,
        ),
        _UNORDERED,
    )

    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(String(120), primary_key=True)
    question_id: Mapped[str] = mapped_column(String(24), primary_key=True)
    value: Mapped[str] = mapped_column(String(40), primary_key=True)
    count: Mapped[int]


class SurveyPost(Model):
    """What candidates said, and what we did about it."""

    __tablename__ = "survey_post"
    __table_args__ = (CheckConstraint("(state = 'published') = (published_at IS NOT NULL)", name="published"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    state: Mapped[PostState] = mapped_column(Word(PostState))
    #: What was said and what was done about it; plain text.
    said: Mapped[str] = mapped_column(Text)
    did: Mapped[str] = mapped_column(Text)
    #: None once they were erased.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
