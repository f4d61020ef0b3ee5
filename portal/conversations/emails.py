"""What is sent about a conversation: our answer to the person, and word to a colleague that somebody asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.applications.rules import WHAT_TO_DO
from portal.applications.states import STATUS_LABELS, ApplicationStatus
from portal.conversations.rules import ReplyDate
from portal.core.i18n import format_day, join_words, ngettext, reading_as
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail
from portal.core.settings import Settings
from portal.people.queries import Recipient
from portal.wording.queries import render
from portal.wording.rules import Rows

#: So much of a message stands beside its subject in a list of mail.
_BEGINNING = 110
#: So many files are named.
_NAMED = 5


@dataclass(frozen=True)
class About:
    """The application that an answer is about; `date` where the answer says by when they hear next."""

    opening_title: str
    status: ApplicationStatus
    date: ReplyDate | None


def reply(to: Recipient, author_name: str, text: str, about: About | None, settings: Settings) -> RenderedMail:
    """To the candidate: a person wrote in their conversation; about an application it says where that stands."""
    values: dict[str, object] = {
        "author": author_name or settings.org_name,
        "first_words": _beginning(text),
        "message": text,
    }
    if about is None:
        return render("conversations/reply", to.locale, to.timezone, **values)
    return render(
        "conversations/reply_about",
        to.locale,
        to.timezone,
        opening=about.opening_title,
        where_it_stands=_where_it_stands(to, about),
        **values,
    )


def question(to: Recipient, opening_title: str, due_on: date, person_public_id: str) -> RenderedMail:
    """To a colleague, because a candidate wrote and they owe the answer; it names nobody and repeats nothing."""
    with reading_as(to.locale, to.timezone):
        about = opening_title or _("no opening in particular")
        rows = ((_("Read and answer"), f"/recruiting/conversations/{person_public_id}"),)
    return render("conversations/question", to.locale, to.timezone, about=about, due_on=due_on, conversation=rows)


def files_left_out(to: Recipient, names: Sequence[str]) -> RenderedMail:
    """To somebody whose mail had files with it: its words were taken, the files were not."""
    with reading_as(to.locale, to.timezone):
        listed = join_words(list(names[:_NAMED]))
        more = len(names) - _NAMED
        if more > 0:
            listed = join_words([*names[:_NAMED], ngettext("%(count)s more file", "%(count)s more files", more)])
    return render("conversations/files_left_out", to.locale, to.timezone, files=listed)


def _beginning(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _BEGINNING else words[:_BEGINNING].rsplit(" ", 1)[0] + "…"


def _where_it_stands(to: Recipient, about: About) -> Rows:
    with reading_as(to.locale, to.timezone):
        rows = [(_("Where it stands"), str(STATUS_LABELS[about.status]))]
        if about.date is not None:
            day = format_day(about.date.next_update_by)
            rows.append((_("What you do"), str(WHAT_TO_DO.get(about.status, ""))))
            rows.append((_("Our promise"), _("You hear from us next by %(day)s.", day=day)))
            rows.append((_("Why this date is later"), about.date.reason))
    return tuple(rows)
