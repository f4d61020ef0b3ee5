"""Who may be added and invited, when somebody without an opening is erased, and how their invitation stands."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from portal.contact.states import ConsentAction
from portal.core.errors import PortalError
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.outbox.states import DeliveryState
from portal.people.rules import clean_lines
from portal.prospects.states import Standing
from portal.wording.rules.filling import names_in

#: Days after the invitation was accepted by a mail server, or after they were added where none ever was.
KEPT_DAYS: Final = 30
#: An invitation that no server has taken for so long does not go any more: the day in it would not be true.
SENT_WITHIN: Final = timedelta(days=2)
#: "Soon" in the list.
SOON_DAYS: Final = 7
#: As many as stand on a page of the list: an invitation is personal.
MOST_AT_ONCE: Final = 50
NOTE_LENGTH: Final = 200
WORDS_LENGTH: Final = 4000
URL_LENGTH: Final = 500


class ProspectRefused(PortalError):
    """Somebody cannot be added or invited."""


class NoLink(PortalError):
    """The text is no address of a public page."""


class WordsRefused(PortalError):
    """The words of an invitation cannot go as they are."""


@dataclass(frozen=True)
class AddressFacts:
    """What we know of an address before somebody is added with it."""

    #: Of the person who has it; empty when nobody has.
    public_id: str = ""
    has_left: bool = False
    is_suppressed: bool = False
    erased_on: date | None = None


@dataclass(frozen=True)
class ProspectFacts:
    """All that decides how somebody without an opening stands."""

    #: Days in the company's calendar.
    added_on: date
    #: They joined, applied or signed in.
    is_here: bool = False
    #: They said yes to mail elsewhere, and it still holds.
    has_consent: bool = False
    #: They said no to mail from us, and no yes holds: one that goes once and tells them what we hold is mail, too.
    has_said_no: bool = False
    is_leaving: bool = False
    delivery: DeliveryState | None = None
    accepted_on: date | None = None


def check_address(facts: AddressFacts) -> None:
    """Raise ProspectRefused where nobody with this address may be added; somebody we know is no reason here."""
    if facts.has_left:
        raise ProspectRefused(_("They were a member and left the community. We do not write to them."))
    if facts.is_suppressed:
        raise ProspectRefused(
            _("Mail to this address came back, so we could not write to them. An admin can let us try again.")
        )
    if facts.erased_on is not None and not facts.public_id:
        raise ProspectRefused(
            _(
                "Somebody with this address was deleted here on %(day)s and is not added again. They can join "
                "by themselves at any time.",
                day=format_day(facts.erased_on),
            )
        )


def standing_of(facts: ProspectFacts) -> Standing:
    """How somebody stands with us."""
    if facts.is_here:
        return Standing.HERE
    if facts.is_leaving:
        return Standing.LEAVING
    states = {
        None: Standing.NOT_INVITED,
        DeliveryState.QUEUED: Standing.ON_ITS_WAY,
        DeliveryState.LEASED: Standing.ON_ITS_WAY,
        DeliveryState.SENT: Standing.INVITED,
        DeliveryState.DEAD: Standing.NOT_ARRIVED,
        # Stopped before any server had it: nobody was invited.
        DeliveryState.CANCELLED: Standing.NOT_INVITED,
    }
    return states[facts.delivery]


def may_invite(facts: ProspectFacts) -> bool:
    """Whether the one invitation has not gone yet, and they did not say that they want none."""
    return standing_of(facts) is Standing.NOT_INVITED and not facts.has_said_no


def erased_on(facts: ProspectFacts) -> date | None:
    """The day on which they are erased if they do not answer; None while nothing says so.

    Whoever came to us or said yes to mail elsewhere is kept under other rules; while an invitation is on its way, its
    30 days have not begun.
    """
    standing = standing_of(facts)
    if standing is Standing.HERE or (facts.has_consent and not facts.is_leaving):
        return None
    if standing is Standing.ON_ITS_WAY:
        return None
    since = facts.accepted_on if standing is Standing.INVITED and facts.accepted_on else facts.added_on
    return since + timedelta(days=KEPT_DAYS)


def is_due(facts: ProspectFacts, today: date) -> bool:
    """Whether somebody is erased on `today`: they asked for it, or did not answer in time."""
    if facts.is_here:
        return False
    day = erased_on(facts)
    return facts.is_leaving or (day is not None and day <= today)


def latest_erasure(today: date) -> date:
    """The day by which somebody who is invited `today` is erased if they do nothing; it stands in the mail."""
    return today + SENT_WITHIN + timedelta(days=KEPT_DAYS)


def may_take_consent(before: ConsentAction, decided_at: datetime, given_at: datetime) -> bool:
    """Whether a yes that was given elsewhere counts: never over a withdrawal, nor where a yes holds or ran out later.

    `before` and `decided_at` say how the purpose stands here, and since when.
    """
    return before is ConsentAction.EXPIRED and given_at > decided_at


def checked_link(text: str) -> str:
    """The address of a public page, http or https, without a fragment or a password. Raises NoLink."""
    url = "".join(text.split())
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as problem:
        raise NoLink(_("This is not the address of a page.")) from problem
    is_page = parts.scheme in {"http", "https"} and "." in host and url.isprintable()
    if not is_page or parts.username or parts.password:
        raise NoLink(_("Please give the whole address of a public page, beginning with https://"))
    if len(url) > URL_LENGTH:
        raise NoLink(_("This address is too long: up to %(limit)s characters fit.", limit=URL_LENGTH))
    return url


def checked_words(text: str) -> str:
    """The words of an invitation as they go, with their empty lines. Raises WordsRefused."""
    blocks = [clean_lines(block) for block in text.replace("\r\n", "\n").split("\n\n")]
    words = "\n\n".join(block for block in blocks if block)
    if not words:
        raise WordsRefused(_("Please write something: this is a personal invitation."))
    if len(words) > WORDS_LENGTH:
        raise WordsRefused(_("Please keep this under %(limit)s characters.", limit=WORDS_LENGTH))
    if names := names_in(words):
        raise WordsRefused(
            _("Nothing is filled in for {%(name)s}. Please write it out, or leave it out.", name=names[0])
        )
    return words
