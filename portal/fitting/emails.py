"""What is sent to somebody who may fit an opening: the invitation to apply."""

from datetime import datetime

from portal.core.i18n import gettext as _
from portal.core.i18n import reading_as
from portal.core.mail import RenderedMail
from portal.core.settings import Settings
from portal.fitting.rules import OpeningFacts, facts_for_person
from portal.openings.rules import is_public
from portal.people.queries import Recipient
from portal.wording.queries import draft_text, render

#: So much of a message stands beside its subject in a list of mail.
_BEGINNING = 110


def invitation(
    to: Recipient,
    opening: OpeningFacts,
    message: str,
    why: str,
    author_name: str,
    settings: Settings,
    now: datetime,
) -> RenderedMail:
    """To a member or somebody who was close, who said yes to job alerts: a colleague invites them to apply, and why."""
    with reading_as(to.locale, to.timezone):
        about = facts_for_person(opening, why, now)
        link = ((_("Read all about it"), _path(opening, now)),)
    return render(
        "fitting/invitation",
        to.locale,
        to.timezone,
        opening=opening.title,
        author=author_name or settings.org_name,
        first_words=_beginning(message),
        message=message,
        about=about,
        opening_link=link,
    )


def _path(opening: OpeningFacts, now: datetime) -> str:
    """Where they read about it: what only members see asks who is not signed in to do so first."""
    page = f"/openings/{opening.slug}"
    return page if is_public(opening.public_at, now) else f"/sign-in?next={page}"


def draft(opening_title: str, name: str, locale: str, zone: str) -> str:
    """What an invitation begins with; `name` may be the place of a name."""
    return draft_text("fitting/invitation_draft", locale, zone, name=name, opening=opening_title)


def _beginning(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _BEGINNING else words[:_BEGINNING].rsplit(" ", 1)[0] + "…"
