"""What we hold about people and surveys: that they were asked, what they have not sent, what they put their name to.

Of what somebody sent without a name we hold nothing about them: once it is released, nothing says which answers
those are.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, delete, func, or_, select, update

from portal.applications.models import Application
from portal.company.queries import company_name
from portal.core.db import Model, fetch, session, transaction
from portal.core.i18n import format_day, join_words
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.openings.models import Opening
from portal.surveys.actions.reaching import count_before_erasing
from portal.surveys.actions.releasing import forget_partial_answers
from portal.surveys.models import (
    PartialAnswers,
    SignedResponse,
    Survey,
    SurveyInvitation,
    SurveyPost,
    SurveyVersion,
)
from portal.surveys.rules.questions import Content, Question, content_from_json, words_of
from portal.surveys.states import CHOICES, TOUCHPOINT_LABELS

TABLES: tuple[type[Model], ...] = (SurveyVersion, SurveyInvitation, PartialAnswers, SignedResponse, SurveyPost)

_INVITATIONS: Final = (
    select(
        Survey.touchpoint,
        func.coalesce(Opening.title, "").label("title"),
        SurveyInvitation.asked_on,
        SurveyInvitation.why_not,
        SurveyInvitation.is_answered,
    )
    .join(Survey, Survey.id == SurveyInvitation.survey_id)
    .outerjoin(Application, Application.id == SurveyInvitation.application_id)
    .outerjoin(Opening, Opening.id == Application.opening_id)
    .order_by(SurveyInvitation.id)
)
_UNSENT: Final = (
    select(SurveyVersion.content, PartialAnswers.answers, PartialAnswers.delete_on)
    .join(SurveyInvitation, SurveyInvitation.id == PartialAnswers.invitation_id)
    .join(
        SurveyVersion,
        (SurveyVersion.survey_id == SurveyInvitation.survey_id)
        & (SurveyVersion.number == SurveyInvitation.version_number),
    )
    .order_by(SurveyInvitation.id)
)
_SIGNED: Final = (
    select(SurveyVersion.content, SignedResponse.answers, SignedResponse.signed_on, SignedResponse.may_contact)
    .join(
        SurveyVersion,
        (SurveyVersion.survey_id == SignedResponse.survey_id) & (SurveyVersion.number == SignedResponse.version_number),
    )
    .order_by(SignedResponse.id)
)


def export(person_id: int) -> list[ExportSection]:
    """What they were asked and whether they answered, what they saved and did not send, and what they signed."""
    asked = fetch(_INVITATIONS.where(SurveyInvitation.person_id == person_id)).all()
    unsent = fetch(_UNSENT.where(SurveyInvitation.person_id == person_id)).all()
    signed = fetch(_SIGNED.where(SignedResponse.person_id == person_id)).all()
    return [
        ExportSection(
            title=_("Surveys"),
            rows=[_asked_row(row) for row in asked],
            kept=_("For as long as we know you."),
            seen_by=_(
                "You. Recruiters see how many were asked and how many have answered, not who. What you sent without "
                "your name is kept apart from you: nobody can show it to you here, and once it is counted nobody can "
                "find it by you."
            ),
            empty=_("You were not asked to answer one."),
            extra={
                "surveys": [
                    {
                        "about": str(row.touchpoint),
                        "opening": row.title,
                        "day": row.asked_on.isoformat(),
                        "not_asked_because": row.why_not and str(row.why_not),
                        "answered": row.is_answered,
                    }
                    for row in asked
                ]
            },
        ),
        *(_unsent_section(row) for row in unsent),
        *(_signed_section(row) for row in signed),
        *_work(person_id),
    ]


def _asked_row(row: Row[Any]) -> tuple[str, str]:
    name = str(TOUCHPOINT_LABELS[row.touchpoint])
    day = format_day(row.asked_on)
    if row.why_not is not None:
        said = _("you could have been asked on %(day)s, and were not", day=day)
    elif row.is_answered:
        said = _("asked on %(day)s, answered", day=day)
    else:
        said = _("asked on %(day)s, not answered", day=day)
    return ", ".join(part for part in (name, row.title) if part), said


def _unsent_section(row: Row[Any]) -> ExportSection:
    content = content_from_json(row.content)
    return ExportSection(
        title=_("Answers you have not sent: %(title)s", title=content.title),
        rows=_answer_rows(content, row.answers),
        kept=_("Until you send them, or until %(day)s.", day=format_day(row.delete_on)),
        seen_by=_("You."),
        empty=_("None."),
        extra={"answers": row.answers},
    )


def _signed_section(row: Row[Any]) -> ExportSection:
    content = content_from_json(row.content)
    return ExportSection(
        title=_("Answers you signed: %(title)s", title=content.title),
        rows=[
            (_("Sent on"), format_day(row.signed_on)),
            (_("Somebody may write to you about it"), _("yes") if row.may_contact else _("no")),
            *_answer_rows(content, row.answers),
        ],
        kept=_("For as long as we know you; the totals that count them stay, and say nothing about you."),
        seen_by=_(
            "You, and recruiters; while your application is open, only you and, if something in them calls for it, one "
            "colleague who has no part in the decision."
        )
        if row.may_contact
        else _("You, and recruiters; while your application is open, only you."),
        extra={"answers": row.answers},
    )


def _answer_rows(content: Content, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    org = company_name()
    return [
        (words_of(question, org), _said(question, answers[question.id]))
        for question in content.questions
        if question.id in answers
    ]


def _said(question: Question, answer: Any) -> str:
    if question.kind not in CHOICES:
        return str(answer)
    chosen = answer if isinstance(answer, list) else [answer]
    return join_words([option.words for option in question.options if option.id in chosen])


def _work(person_id: int) -> list[ExportSection]:
    """For staff: that they published and wrote for all."""
    counted = (
        (
            _("Versions of surveys you published"),
            select(func.count()).select_from(SurveyVersion).where(SurveyVersion.published_by_id == person_id),
        ),
        (
            _("What you wrote about what was done"),
            select(func.count()).select_from(SurveyPost).where(SurveyPost.author_id == person_id),
        ),
    )
    rows = [(label, str(count)) for label, statement in counted if (count := session().scalar(statement))]
    if not rows:
        return []
    return [
        ExportSection(
            title=_("Surveys that you work on"),
            rows=rows,
            kept=_("For as long as the surveys are kept."),
            seen_by=_("Your colleagues; what was published, everybody whom it is for."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Delete that they were asked, what they saved and what they signed; joins the transaction.

    Totals stay, and how many were asked. What they sent without a name stays with what others sent: nobody can say
    which it is.
    """
    with transaction() as own:
        applications = select(Application.id).where(Application.person_id == person_id)
        asked = or_(
            SurveyInvitation.person_id == person_id, SurveyInvitation.application_id.in_(applications.scalar_subquery())
        )
        signed = or_(
            SignedResponse.person_id == person_id, SignedResponse.application_id.in_(applications.scalar_subquery())
        )
        saved = PartialAnswers.invitation_id.in_(select(SurveyInvitation.id).where(asked))
        count_before_erasing(asked)
        for table, which in ((PartialAnswers, saved), (SurveyInvitation, asked), (SignedResponse, signed)):
            own.execute(delete(table).where(which).execution_options(synchronize_session=False))
        own.execute(
            update(SurveyVersion).where(SurveyVersion.published_by_id == person_id).values(published_by_id=None)
        )
        own.execute(update(SurveyPost).where(SurveyPost.author_id == person_id).values(author_id=None))


def retention(now: datetime) -> None:
    """Answers that were not sent are destroyed after 30 days, the job does the same; the rest goes with the person."""
    forget_partial_answers(now)


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """What either was asked and signed is one person's; joins the transaction."""
    with transaction() as own:
        for column in (
            SurveyInvitation.person_id,
            SignedResponse.person_id,
            SurveyVersion.published_by_id,
            SurveyPost.author_id,
        ):
            own.execute(update(column.class_).where(column == gone_id).values({column: kept_id}))


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Surveys belong to nobody in particular: who published or wrote keeps having done so."""
