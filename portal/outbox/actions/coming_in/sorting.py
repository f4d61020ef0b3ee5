"""Looking at a message that came in: what it is, and whose."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from portal.contact import actions as contact
from portal.contact.queries import person_of_link
from portal.core.db import transaction
from portal.core.logs import log
from portal.core.settings import Settings, current_settings
from portal.outbox.actions.coming_in.bouncing import Heard, note_bounce
from portal.outbox.models import IncomingMail
from portal.outbox.queries import OurLetter, goes_into_conversation, our_letters
from portal.outbox.queries.lately import alike, waiting_for
from portal.outbox.rules.incoming import ReadMail, Report, TagFor, UnreadableMail, name_in, read_mail
from portal.outbox.states import IncomingState, MailSort, WhyNotPlaced
from portal.people.models import Person
from portal.people.queries import addresses_of

#: Messages of one person that wait for their conversation at once; more than that nobody writes who wants an answer.
_MOST_WAITING: Final = 30
#: A message that comes again later than this is a new one.
_AGAIN_WITHIN: Final = timedelta(days=7)
#: A message that we began to look at so often, and never came to an end with, is shown to an admin unread.
_MOST_TRIES: Final = 3


@dataclass(frozen=True)
class _Found:
    """What a message is and whose."""

    sort: MailSort
    state: IncomingState
    why: WhyNotPlaced | None = None
    person_id: int | None = None
    delivery_id: int | None = None
    report: Report | None = None


_UNREADABLE: Final = _Found(MailSort.REPLY, IncomingState.UNPLACED, WhyNotPlaced.UNREADABLE)


def sort_mail(mail_id: int, now: datetime) -> None:
    """Find out what a new message is, and do what follows from that. Doing it again is harmless.

    Nothing of what it says reaches a log.
    """
    raw = _begin(mail_id, now)
    if raw is None:
        return
    try:
        read = read_mail(raw)
    except UnreadableMail as problem:
        log.warning("mail cannot be read", why=str(problem))
        _write(mail_id, _UNREADABLE, None, now)
        return
    _write(mail_id, _found(read, current_settings(), now), read, now)


def _begin(mail_id: int, now: datetime) -> bytes | None:
    """The message, after noting that we look at it; None when nothing is to be looked at."""
    with transaction() as session:
        row = session.get(IncomingMail, mail_id, with_for_update=True)
        if row is None or row.state is not IncomingState.NEW:
            return None
        if row.tries < _MOST_TRIES and row.raw is not None:
            row.tries += 1
            return row.raw
    _write(mail_id, _UNREADABLE, None, now)
    return None


def _found(read: ReadMail, settings: Settings, now: datetime) -> _Found:
    if read.sort in {MailSort.BOUNCE, MailSort.COMPLAINT}:
        return _reported(read, settings)
    letters = our_letters([one.partition("@")[0] for one in (read.message_id, *read.answers)])
    if _is_our_own(read, letters, settings):
        return _Found(MailSort.LOOP, IncomingState.DONE)
    if read.sort is MailSort.AUTO_REPLY:
        return _Found(MailSort.AUTO_REPLY, IncomingState.DONE)
    return _written(read, letters, settings, now)


def _reported(read: ReadMail, settings: Settings) -> _Found:
    """A report counts when it came to, or speaks of, the return path that only we can sign."""
    paths = (
        name_in(settings.secret_key, TagFor.RETURN, one, settings.return_address)
        for one in dict.fromkeys(read.recipients)
    )
    key = next((one for one in paths if one), None)
    letter = our_letters([key]).get(key) if key else None
    if letter is None:
        return _Found(read.sort, IncomingState.UNPLACED, WhyNotPlaced.UNSIGNED)
    return _Found(read.sort, IncomingState.DONE, None, letter.person_id, letter.delivery_id, read.report)


def _is_our_own(read: ReadMail, letters: dict[str, OurLetter], settings: Settings) -> bool:
    key, _at, domain = read.message_id.partition("@")
    is_ours = key in letters and domain.lower() == settings.mail_domain.lower()
    return is_ours or (bool(read.sender) and read.sender in {settings.reply_address, settings.return_address})


def _written(read: ReadMail, letters: dict[str, OurLetter], settings: Settings, now: datetime) -> _Found:
    keys = [one.partition("@")[0] for one in read.answers]
    candidates = (letters[key] for key in keys if key in letters)
    letter = next((one for one in candidates if goes_into_conversation(one.kind, one.reply_to)), None)
    names = (name_in(settings.secret_key, TagFor.REPLY, one, settings.reply_address) for one in read.recipients)
    name = next((one for one in names if one), None)
    person_id = letter.person_id if letter else None
    if name is not None:
        person = person_of_link(name)
        person_id = person.person_id if person else None
        # What it answers counts only when that went to the same person.
        letter = letter if letter and letter.person_id == person_id else None
    if person_id is None:
        why = WhyNotPlaced.GONE if name is not None or letter is not None else WhyNotPlaced.NO_LETTER
        return _Found(MailSort.REPLY, IncomingState.UNPLACED, why)
    state, why_held = _judged(read, person_id, now)
    return _Found(MailSort.REPLY, state, why_held, person_id, letter.delivery_id if letter else None)


def _judged(read: ReadMail, person_id: int, now: datetime) -> tuple[IncomingState, WhyNotPlaced | None]:
    if _came_before(read, person_id, now):
        return IncomingState.DONE, None
    if waiting_for(person_id) >= _MOST_WAITING:
        return IncomingState.UNPLACED, WhyNotPlaced.TOO_MANY
    if read.sender not in {row.email for row in addresses_of(person_id)}:
        return IncomingState.HELD, WhyNotPlaced.OTHER_SENDER
    if read.is_disowned:
        return IncomingState.HELD, WhyNotPlaced.DISOWNED
    if not (read.said.text or read.said.quoted or read.said.files):
        return IncomingState.HELD, WhyNotPlaced.NOTHING_SAID
    return IncomingState.REPLY, None


def _came_before(read: ReadMail, person_id: int, now: datetime) -> bool:
    """Whether the same came on another way: to two addresses of ours, or somebody sends it again."""
    if not read.message_id:
        return False
    earlier = alike(person_id, read.sender, read.subject, now - _AGAIN_WITHIN)
    return any(_says(raw, read) for raw in earlier)


def _says(raw: bytes, read: ReadMail) -> bool:
    """Whether this message is called so and says the same."""
    try:
        other = read_mail(raw)
    except UnreadableMail:
        return False
    return (other.message_id, other.said) == (read.message_id, read.said)


def _write(mail_id: int, found: _Found, read: ReadMail | None, now: datetime) -> None:
    with transaction() as session:
        if found.person_id is not None:
            # The person first: the order in which everybody takes them.
            lock = select(Person.id).where(Person.id == found.person_id).with_for_update(key_share=True)
            if session.scalar(lock) is None:
                return
        row = session.get(IncomingMail, mail_id, with_for_update=True)
        if row is None or row.state is not IncomingState.NEW:
            return
        heard = _follow_up(found, now)
        if heard is Heard.TOO_EARLY:
            row.tries = 0
            return
        row.state, row.sort, row.why = found.state, found.sort, found.why
        row.person_id, row.delivery_id = found.person_id, found.delivery_id
        row.sender, row.subject = (read.sender, read.subject) if read else ("", "")
        if found.report is not None and heard is Heard.BELIEVED:
            row.bounce, row.bounce_status = found.report.bounce, found.report.status
        log.info("mail came in", sort=found.sort, state=found.state)


def _follow_up(found: _Found, now: datetime) -> Heard:
    """Do what a report asks for, and say what became of it."""
    if found.sort is MailSort.BOUNCE and found.delivery_id is not None and found.report is not None:
        return note_bounce(found.delivery_id, found.report, now)
    if found.sort is MailSort.COMPLAINT and found.person_id is not None:
        contact.stop_everything(found.person_id, source="spam complaint", now=now)
    return Heard.BELIEVED
