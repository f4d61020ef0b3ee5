"""People who were asked, and what is in the database once they have answered."""

from dataclasses import dataclass, replace
from typing import Any, Final

from flask import Flask
from sqlalchemy import select

from portal.core.db import end_reading, session, transaction
from portal.surveys.models import Ballot, Lot, PartialAnswers, SignedResponse, SurveyInvitation
from portal.surveys.rules.questions import Option, Question
from portal.surveys.states import QuestionKind, Touchpoint
from tests.factories import Made, make_application, make_opening, make_staff, visitor
from tests.pages import Browser, Page
from tests.surveys.rows import CONTENT, invite, make_survey


@dataclass
class Invited:
    """Somebody who was asked about their application."""

    made: Made
    survey_id: int
    public_id: str
    token: str

    @property
    def link(self) -> str:
        """The address in the mail."""
        return f"/surveys/{self.token}"

    @property
    def own(self) -> str:
        """The same, signed in."""
        return f"/me/surveys/{self.public_id}"


def ask_somebody(touchpoint: Touchpoint = Touchpoint.INTERVIEWED, survey_id: int = 0, **facts: Any) -> Invited:
    """A candidate of an opening, who was asked."""
    made = make_application(make_opening("Data Analyst"), make_staff("Rita Sander"), **facts)
    survey_id = survey_id or make_survey(touchpoint)
    public_id, token = invite(survey_id, made.person_id, made.id)
    return Invited(made, survey_id, public_id, token)


def invitation(one: Invited) -> SurveyInvitation:
    """The invitation as it stands now."""
    end_reading()
    found = select(SurveyInvitation).where(SurveyInvitation.public_id == one.public_id)
    return session().scalars(found).one()


def change_invitation(one: Invited, **values: Any) -> None:
    """Let columns of the invitation say something else."""
    with transaction() as own:
        row = own.scalars(select(SurveyInvitation).where(SurveyInvitation.public_id == one.public_id)).one()
        for name, value in values.items():
            setattr(row, name, value)


def saved(one: Invited) -> dict[str, Any] | None:
    """What is saved and not sent; None: nothing."""
    row_id = invitation(one).id
    return session().scalar(select(PartialAnswers.answers).where(PartialAnswers.invitation_id == row_id))


def ballots() -> list[Ballot]:
    """What lies in the box."""
    end_reading()
    return list(session().scalars(select(Ballot).order_by(Ballot.key)))


def lots() -> dict[str, int]:
    """How many ballots each lot counts."""
    end_reading()
    return {lot.key: lot.ballot_count for lot in session().scalars(select(Lot))}


def signed_responses() -> list[SignedResponse]:
    """What was sent with a name."""
    end_reading()
    return list(session().scalars(select(SignedResponse).order_by(SignedResponse.id)))


def answer_all(browser: Browser, at: str, **answers: Any) -> Page:
    """Fill in the page with all questions; the page that comes then."""
    values = {"q-recommend": "9", **{name.replace("_", "-"): value for name, value in answers.items()}}
    return browser.submit(browser.get(f"{at}/all"), having="q-recommend", **values)


def send(browser: Browser, page: Page, name: str = "without", contact: str = "no") -> Page:
    """From "With or without your name?" to the thanks."""
    return browser.submit(browser.submit(page, name=name), contact=contact)


def answer(app: Flask, one: Invited, **answers: Any) -> Page:
    """All of it by the link, without a name."""
    browser = visitor(app)
    return send(browser, answer_all(browser, one.link, **answers))


#: Twelve questions, two of them required: the eight of `CONTENT` and four more.
TWELVE: Final = replace(
    CONTENT,
    questions=(
        *CONTENT.questions,
        Question("q-met", QuestionKind.SATISFACTION, "How was it to talk with us?", is_required=True),
        Question(
            "q-most",
            QuestionKind.ONE_OF,
            "What mattered most?",
            options=tuple(Option(key, f"The {key}") for key in ("work", "people", "pay", "place")),
        ),
        Question("q-next", QuestionKind.EFFORT, "How easy or hard was it to know what comes next?"),
        Question("q-else", QuestionKind.LONG_TEXT, "What else would you like to say?"),
    ),
)
