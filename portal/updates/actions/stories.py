"""A member's consent to a story about them: asked for, given to the very words, taken back at any time."""

from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address as Mailbox

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import record
from portal.contact.states import MailClass, Timing
from portal.core.db import transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail
from portal.outbox.actions import cancel, enqueue
from portal.outbox.models import Delivery
from portal.people.models import Person
from portal.people.queries import Recipient, recipient
from portal.updates import emails
from portal.updates.actions.holding import hold_up
from portal.updates.actions.locking import draft_of, locked, story_cause
from portal.updates.actions.publishing import withdraw_update
from portal.updates.models import InsiderUpdate, UpdateStory
from portal.updates.queries import StoryWords, content_of, out_key, question_keys, story_of, story_words
from portal.updates.rules import Missing, MoveRefused, UpdateContent
from portal.updates.states import READABLE, UpdateState


class WordsMoved(PortalError):
    """The story reads otherwise than when it was looked at."""


class AskedAlready(PortalError):
    """The member was asked about these very words before."""


@dataclass(frozen=True)
class _Letter:
    """A rendered mail to the member of a story, and where answers to it go."""

    mail: RenderedMail
    to: Recipient
    reply_to: str


def name_member(update_id: int, person_id: int, *, actor_id: int, now: datetime) -> bool:
    """Say whose story it is, and ask them by mail for their yes to its words; whether they were asked.

    While words are missing they are only named: there is nothing yet to say yes to. Somebody else's yes does not hold
    for them. Raises AskedAlready for the very words that they were asked about or agreed to, MoveRefused where the
    story cannot be theirs any more, NotFound.
    """
    words = story_words(update_id)
    if words is None:
        raise NotFound
    letter = _question(words, person_id) if words.is_whole else None
    with transaction() as session:
        if not _is_there(session, person_id):
            raise NotFound
        update = locked(session, update_id)
        story, is_new = _named(session, update, person_id, actor_id, now)
        _stored, content = draft_of(session, update)
        # Somebody who writes at this moment asks when they are done.
        if letter is None or content.words_digest != words.content.words_digest:
            return False
        keys = question_keys(words.public_id, person_id, content.words_digest)
        used = set(session.scalars(select(Delivery.dedupe_key).where(Delivery.dedupe_key.in_(keys))))
        free = [key for key in keys if key not in used]
        # Who is named again after somebody else is asked again: the first question may have been stopped.
        if not free or (used and not is_new) or story.agreed_to == content.words_digest:
            raise AskedAlready(_("They were asked about these very words already. To remind them, write to them."))
        _send(letter, story_cause(update), free[0], now)
        story.asked_at, story.asked_by_id = now, actor_id
        _record("updates.name_member", update, actor_id, person_id, now)
        return True


def _named(
    session: Session, update: InsiderUpdate, person_id: int, actor_id: int, now: datetime
) -> tuple[UpdateStory, bool]:
    """The row that says that it is this person's story, and whether it was made now."""
    story = session.get(UpdateStory, update.id, with_for_update=True)
    is_theirs = story is not None and story.person_id == person_id
    if update.state is not UpdateState.DRAFT and not (is_theirs and update.state in READABLE):
        raise MoveRefused(_("Whose story it is can be changed only while it is a draft."))
    if story is not None and is_theirs:
        return story, False
    if story is not None:
        session.delete(story)
        cancel(story_cause(update), now)
        session.flush()
    made = UpdateStory(update_id=update.id, person_id=person_id, asked_by_id=actor_id, asked_at=now)
    session.add(made)
    # Its columns are read in this transaction, defaults and all.
    session.flush()
    return made, True


def tell_member(update_id: int, now: datetime) -> bool:
    """Tell the member of a story that its newest version is published; False when there is nothing to tell.

    Safe to run twice: each version is told once.
    """
    words, named = story_words(update_id), story_of(update_id)
    if words is None or named is None or words.state not in READABLE:
        return False
    content = content_of(update_id, words.version_number)
    if content is None:
        return False
    letter = _news(words, content, named.person_id)
    with transaction() as session:
        if not _is_there(session, named.person_id):
            return False
        update = locked(session, update_id)
        story = session.get(UpdateStory, update_id, with_for_update=True)
        is_same = update.state in READABLE and update.version_number == words.version_number
        if not is_same or story is None or story.person_id != named.person_id:
            return False
        _send(letter, story_cause(update), out_key(update.public_id, update.version_number), now)
        return True


def _question(words: StoryWords, person_id: int) -> _Letter:
    to = recipient(person_id)
    mail = emails.story_question(to, words.content, words.public_id, words.author_name)
    return _Letter(mail, to, _answers_to(words))


def _news(words: StoryWords, content: UpdateContent, person_id: int) -> _Letter:
    to = recipient(person_id)
    if words.version_number > 1:
        mail = emails.story_corrected(to, content, words.public_id, words.author_name, words.correction)
    else:
        mail = emails.story_published(to, content, words.public_id, words.author_name)
    return _Letter(mail, to, _answers_to(words))


def _answers_to(words: StoryWords) -> str:
    """Where answers go: to whoever writes the story; empty: to the company."""
    if words.author_id is None:
        return ""
    author = recipient(words.author_id)
    return str(Mailbox(author.name, addr_spec=author.email)) if author.email else ""


def _send(letter: _Letter, cause: str, key: str, now: datetime) -> None:
    enqueue(
        letter.mail,
        to_address=letter.to.email,
        to_name=letter.to.name,
        person_id=letter.to.person_id,
        reply_to=letter.reply_to,
        # It is about what we hold and say of them: they hear of it whatever else they want to hear.
        mail_class=MailClass.OWN,
        timing=Timing.WAKING,
        cause=cause,
        dedupe_key=key,
        now=now,
    )


def _is_there(session: Session, person_id: int) -> bool:
    """Whether we still know them; nobody erases or merges them until our transaction ends."""
    found = select(Person.id).where(Person.id == person_id).with_for_update(read=True, key_share=True)
    return session.scalar(found) is not None


def agree_to_story(update_id: int, person_id: int, *, digest: str, now: datetime) -> None:
    """Say yes to the story in the words that `digest` stands for. Raises WordsMoved, NotFound."""
    with transaction() as session:
        update, story = _theirs(session, update_id, person_id)
        _stored, content = draft_of(session, update)
        if content.words_digest != digest:
            raise WordsMoved(_("It was changed while you read it. Please read it once more before you say yes."))
        story.agreed_at, story.agreed_to = now, digest
        _record("updates.agree_to_story", update, person_id, person_id, now)


def take_story_back(update_id: int, person_id: int, now: datetime) -> None:
    """Take one's yes back: a story that is out is withdrawn at once, one that waits is a draft. Raises NotFound."""
    with transaction() as session:
        update, story = _theirs(session, update_id, person_id)
        story.agreed_at, story.agreed_to = None, ""
        stop_story(update, now)
        _record("updates.take_story_back", update, person_id, person_id, now)


def stop_story(update: InsiderUpdate, now: datetime) -> None:
    """Let nobody read a story any more that nobody agrees to; joins the transaction."""
    cancel(story_cause(update), now)
    if update.state is UpdateState.SCHEDULED:
        hold_up(update, [Missing.CONSENT], now)
    elif update.state not in {UpdateState.DRAFT, UpdateState.WITHDRAWN}:
        withdraw_update(update.id, words="", actor_id=None, now=now)


def _theirs(session: Session, update_id: int, person_id: int) -> tuple[InsiderUpdate, UpdateStory]:
    update = locked(session, update_id)
    story = session.get(UpdateStory, update_id, with_for_update=True)
    if story is None or story.person_id != person_id:
        raise NotFound
    return update, story


def _record(action: str, update: InsiderUpdate, actor_id: int, person_id: int, now: datetime) -> None:
    record(action, f"update:{update.public_id}", actor_id=actor_id, person_id=person_id, now=now)
