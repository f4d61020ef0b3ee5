"""Mails to a candidate about feedback that is owed: that it is held back, and that it is not any more."""

from datetime import date

from portal.company.queries import company_name
from portal.core.mail import RenderedMail
from portal.feedback.queries import DebtView
from portal.people.queries import Recipient, StaffRow
from portal.wording.queries import render


def held(to: Recipient, debt: DebtView, words: str, contact: StaffRow) -> RenderedMail:
    """To the candidate: the feedback we owe them does not come for now, why, and whom they can ask."""
    return render(
        "feedback/held",
        to.locale,
        to.timezone,
        name=to.name,
        opening=debt.opening_title,
        message=words,
        contact=contact.name or company_name(),
    )


def not_held_any_more(to: Recipient, debt: DebtView, due_on: date, author: StaffRow) -> RenderedMail:
    """To a candidate who was told that it is held back: it is not any more, and by when they have it."""
    return render(
        "feedback/not_held_any_more",
        to.locale,
        to.timezone,
        name=to.name,
        opening=debt.opening_title,
        due_on=due_on,
        author=author.name or company_name(),
    )
