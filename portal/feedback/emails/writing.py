"""What is sent about written feedback: to the candidate that it is there or taken back, to colleagues about a draft."""

from datetime import date

from portal.core.i18n import gettext as _
from portal.core.i18n import reading_as
from portal.core.mail import RenderedMail
from portal.people.queries import Recipient
from portal.wording.queries import render


def given(to: Recipient, opening_title: str, author_name: str, owner_name: str, public_id: str) -> RenderedMail:
    """To the candidate, because feedback was written for them and approved; it carries nothing of its words.

    `public_id` is that of the application, here and below.
    """
    with reading_as(to.locale, to.timezone):
        page = ((_("Go to my feedback"), f"/me/applications/{public_id}/feedback"),)
        author = author_name or _("A colleague")
    return render(
        "feedback/given",
        to.locale,
        to.timezone,
        opening=opening_title,
        author=author,
        owner=owner_name,
        feedback_page=page,
    )


def retracted(
    to: Recipient, opening_title: str, author_name: str, owner_name: str, words: str, public_id: str
) -> RenderedMail:
    """To the candidate, because what they could read does not stand any more; with the words of who took it back."""
    with reading_as(to.locale, to.timezone):
        page = ((_("See your application"), f"/me/applications/{public_id}"),)
    return render(
        "feedback/retracted",
        to.locale,
        to.timezone,
        opening=opening_title,
        author=author_name,
        owner=owner_name,
        words=words,
        feedback_page=page,
    )


def to_approve(to: Recipient, opening_title: str, author_name: str, due_on: date, public_id: str) -> RenderedMail:
    """To the colleague who is asked to approve; it names no candidate and repeats nothing."""
    with reading_as(to.locale, to.timezone):
        draft = ((_("Read it"), f"/recruiting/applications/{public_id}/feedback/approve"),)
    return render(
        "feedback/to_approve",
        to.locale,
        to.timezone,
        opening=opening_title,
        author=author_name,
        due_on=due_on,
        draft=draft,
    )


def returned(to: Recipient, opening_title: str, approver_name: str, public_id: str) -> RenderedMail:
    """To whoever wrote it, because a colleague wants it changed; it names no candidate and repeats nothing."""
    with reading_as(to.locale, to.timezone):
        draft = ((_("Open the draft"), f"/recruiting/applications/{public_id}/feedback"),)
    return render(
        "feedback/returned", to.locale, to.timezone, opening=opening_title, approver=approver_name, draft=draft
    )
