"""The mails about an interview that has a time: to the candidate and to the panel, each with the calendar entry.

Mails are rendered before a transaction: `ready_confirmed` first, `tell_confirmed` within it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.headerregistry import Address

from portal.accounts.actions import issue_token
from portal.core.db import transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import reading_as
from portal.core.mail import RenderedMail, token_place
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind
from portal.interviews.emails import inviting
from portal.interviews.emails.inviting import PanelNews
from portal.interviews.models import Interview
from portal.interviews.queries.arranged import Arranged, find_arranged
from portal.interviews.rules.calendar import Meeting, Method, Who, entry
from portal.interviews.states import InterviewState
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.queries import Recipient, recipient


class MailOutdated(PortalError):
    """What a rendered mail says no longer holds; nothing was written, render again."""

    def __init__(self) -> None:
        super().__init__(_("This interview is being changed just now. Please try again in a minute."))


@dataclass(frozen=True)
class Facts:
    """What the mails about an interview say; who is erased or has no address is not among them."""

    arranged: Arranged
    to: Recipient
    answers: Recipient
    panel: tuple[Recipient, ...]

    def as_said(self) -> "Facts":
        """Without what the telling itself changes, for comparing."""
        one = self.arranged
        bare = replace(one, state=InterviewState.PROPOSED, starts_at=None, changed_at=datetime.min.replace(tzinfo=UTC))
        return replace(self, arranged=bare)

    @property
    def panel_names(self) -> list[str]:
        """Who takes part, by name."""
        return [one.name for one in self.panel]

    @property
    def colleagues(self) -> tuple[Recipient, ...]:
        """Who hears of it here: the panel, and whoever answers about it."""
        is_among = any(one.person_id == self.answers.person_id for one in self.panel)
        return self.panel if is_among else (*self.panel, self.answers)


@dataclass(frozen=True)
class ReadyMail:
    """A mail that only has to be put into the outbox."""

    mail: RenderedMail
    to: Recipient
    calendar: str = ""
    reply_to: str = ""


@dataclass(frozen=True)
class Confirmed:
    """The mails that say that a time is set."""

    facts: Facts
    starts_at: datetime
    to_candidate: ReadyMail
    to_panel: tuple[ReadyMail, ...]


def facts_of(interview_id: int) -> Facts:
    """What mails about it say now. Raises NotFound."""
    arranged = find_arranged(interview_id)
    if arranged is None:
        raise NotFound
    panel = tuple(recipient(staff_id) for staff_id in arranged.panel)
    return Facts(arranged, recipient(arranged.person_id), recipient(arranged.answers_id), panel)


def ready_confirmed(interview_id: int, starts_at: datetime, now: datetime) -> Confirmed:
    """Render what says that the candidate has chosen `starts_at`: before the transaction that notes it.

    Raises NotFound, and MissingValue when the words of a mail lack something.
    """
    facts = facts_of(interview_id)
    after = replace(facts.arranged, starts_at=starts_at, sequence=facts.arranged.sequence + 1)
    mail = inviting.confirmed(facts.to, after, facts.answers.name, facts.panel_names)
    return Confirmed(
        facts,
        starts_at,
        to_candidate(mail, facts, after, Method.REQUEST, now),
        to_panel(facts.colleagues, facts, after, PanelNews.CONFIRMED, now),
    )


def tell_confirmed(ready: Confirmed, now: datetime, *, panel_from: datetime | None = None) -> int:
    """Put the mails of `ready_confirmed` into the outbox; returns the id of the candidate's delivery.

    `panel_from`: when the panel is told at the earliest; whoever answers about the interview hears of it at once.

    Joins the transaction, in which the caller has locked the people, the application and the interview, and has given
    it its time: the row's SEQUENCE is counted up here. Raises MailOutdated when something that the mails say has
    changed since they were rendered: leave the transaction and render again.
    """
    with transaction() as session:
        session.flush()
        now_so = facts_of(ready.facts.arranged.id)
        if now_so.arranged.starts_at != ready.starts_at or now_so.as_said() != ready.facts.as_said():
            raise MailOutdated
        interview = session.get_one(Interview, now_so.arranged.id)
        interview.sequence += 1
        return send_all(
            ready.facts,
            f"confirmed:{interview.sequence}",
            ready.to_candidate,
            ready.to_panel,
            now,
            panel_from=panel_from,
        )


def to_candidate(mail: RenderedMail, facts: Facts, after: Arranged, method: Method | None, now: datetime) -> ReadyMail:
    """A mail to the candidate; with `method` the calendar entry of the interview as it is `after`."""
    settings = current_settings()
    url = f"{settings.base_url}/me/interviews/{after.public_id}"
    calendar = _calendar(method, facts, after, facts.to, url, now) if method is not None else ""
    return ReadyMail(mail, facts.to, calendar, str(Address(facts.answers.name, addr_spec=facts.answers.email)))


def to_panel(
    colleagues: Sequence[Recipient], facts: Facts, after: Arranged, news: PanelNews, now: datetime
) -> tuple[ReadyMail, ...]:
    """A mail to each of these; whoever takes part gets the entry for their calendar. None names the candidate."""
    method = Method.CANCEL if news is PanelNews.CANCELLED else Method.REQUEST
    url = f"{current_settings().base_url}/recruiting/interviews/{after.public_id}"
    members = {one.person_id for one in facts.panel}
    return tuple(
        ReadyMail(
            inviting.to_panel(one, after, news),
            one,
            _calendar(method, facts, after, one, url, now) if one.person_id in members else "",
        )
        for one in colleagues
    )


def _calendar(method: Method, facts: Facts, after: Arranged, to: Recipient, url: str, now: datetime) -> str:
    if after.starts_at is None:
        return ""
    return entry(method, meeting_of(facts, after, to, url), base_url=current_settings().base_url, now=now)


def meeting_of(facts: Facts, after: Arranged, to: Recipient, url: str) -> Meeting:
    """What the calendar of one reader says of it; it must have a time."""
    if after.starts_at is None:
        raise ValueError("an interview without a time stands in no calendar")
    with reading_as(to.locale, to.timezone):
        about = _("Everything about it: %(url)s", url=url)
        if to.person_id == facts.to.person_id:
            about += "\n" + _("To call on the day: %(number)s", number=after.contact_phone)
    return Meeting(
        public_id=after.public_id,
        sequence=after.sequence,
        starts_at=after.starts_at,
        minutes=after.minutes,
        zone=after.zone,
        title=f"{after.title}: {after.opening_title}",
        place=after.place,
        about=about,
        url=url,
        organizer=Who(facts.answers.name, facts.answers.email),
        attendees=(Who(to.name, to.email),),
    )


def send_all(
    facts: Facts,
    what: str,
    mail: ReadyMail | None,
    panel: Sequence[ReadyMail],
    now: datetime,
    *,
    not_before: datetime | None = None,
    panel_from: datetime | None = None,
) -> int:
    """Put these mails into the outbox; returns the id of the candidate's delivery, 0 without one.

    `not_before` is for the candidate's, `panel_from` for those that first tell the panel of its time, but for whoever
    answers about it.

    `what` says which news of this interview it is; the same news goes once. Joins the transaction.
    """
    one = facts.arranged
    for ready in panel:
        is_first = ready.mail.kind == PanelNews.CONFIRMED
        enqueue(
            ready.mail,
            to_address=ready.to.email,
            to_name=ready.to.name,
            person_id=ready.to.person_id,
            mail_class=MailClass.OWN,
            cause=panel_cause(one.public_id),
            dedupe_key=f"interview:{one.public_id}:{what}:{ready.to.public_id}",
            now=now,
            not_before=panel_from if is_first and ready.to.person_id != facts.answers.person_id else None,
            calendar=ready.calendar,
        )
    if mail is None:
        return 0
    delivery_id = enqueue(
        mail.mail,
        to_address=mail.to.email,
        to_name=mail.to.name,
        person_id=mail.to.person_id,
        mail_class=MailClass.OWN,
        cause=f"application:{one.application_public_id}",
        dedupe_key=f"interview:{one.public_id}:{what}",
        now=now,
        not_before=not_before,
        reply_to=mail.reply_to,
        calendar=mail.calendar,
    )
    whole = mail.mail.text + mail.mail.html
    for kind, subject in ((TokenKind.FOLLOW, one.application_public_id), (TokenKind.INTERVIEW, one.public_id)):
        if token_place(mail.mail.key, kind) in whole:
            issue_token(kind, mail.mail, subject=subject, person_id=mail.to.person_id, now=now)
    return delivery_id


def panel_cause(public_id: str) -> str:
    """What brings about the mails to colleagues, and the tasks, of an interview."""
    return f"interview:{public_id}"
