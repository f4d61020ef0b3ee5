"""What is sent about an application: to the candidate, because somebody wrote to them or they asked for the link."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from portal.applications.queries.service import FeedbackPromise
from portal.applications.rules import WHAT_TO_DO, Proposal, Turn, whose_turn
from portal.applications.states import ENDINGS, STATUS_LABELS, ApplicationStatus
from portal.company.states import FeedbackWay
from portal.contact.rules import PURPOSE_WORDS
from portal.contact.states import Purpose
from portal.core.i18n import format_day, ngettext, reader, reading_as
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.mail import RenderedMail
from portal.core.settings import Settings
from portal.openings.rules import Stage
from portal.people.queries import KnownPerson, Recipient
from portal.wording.queries import draft_text, render
from portal.wording.rules import Rows

#: So much of a message stands beside its subject in a list of mail.
_BEGINNING = 110


@dataclass(frozen=True)
class Letter:
    """Everything that a message about an application says."""

    opening_title: str
    author_name: str
    owner_name: str
    is_new_status: bool
    proposal: Proposal
    #: The day the candidate goes by until then.
    promised: date | None = None
    #: Of an ending that is taken back: what it was.
    ended_as: ApplicationStatus | None = None
    #: What they were promised about feedback, where we have arranged an interview with them.
    feedback: FeedbackPromise | None = None


def message(to: Recipient, letter: Letter, settings: Settings) -> RenderedMail:
    """To the candidate: a person wrote to them about their application; another mail when it moved or has ended."""
    proposal = letter.proposal
    kind = "applications/message"
    if letter.is_new_status and proposal.status is ApplicationStatus.WITHDRAWN:
        kind = "applications/ended_as_told"
    elif letter.is_new_status and proposal.status in ENDINGS:
        kind = "applications/ending"
    elif letter.is_new_status:
        kind = "applications/new_status"
    return render(
        kind,
        to.locale,
        to.timezone,
        opening=letter.opening_title,
        author=letter.author_name or settings.org_name,
        status=STATUS_LABELS[proposal.status],
        first_words=_beginning(proposal.message),
        message=proposal.message,
        where_it_stands=_where_it_stands(to, proposal, is_told=letter.is_new_status) + _feedback_owed(to, letter),
    )


def check_in(to: Recipient, letter: Letter, settings: Settings) -> RenderedMail:
    """To somebody who was told "not yet" and said yes to hearing from us: a colleague asks how they are."""
    return render(
        "applications/stay_in_touch",
        to.locale,
        to.timezone,
        opening=letter.opening_title,
        author=letter.author_name or settings.org_name,
        first_words=_beginning(letter.proposal.message),
        message=letter.proposal.message,
    )


def change(to: Recipient, letter: Letter, settings: Settings) -> RenderedMail:
    """To the candidate, in the company's words: it moved, or, where it stands as it stood, it takes longer."""
    proposal = letter.proposal
    values: dict[str, object] = {
        "name": to.name,
        "opening": letter.opening_title,
        "author": letter.author_name or settings.org_name,
        "next_day": proposal.next_update_by,
    }
    if letter.is_new_status:
        values |= {"status": STATUS_LABELS[proposal.status], "where_it_stands": _where_it_stands(to, proposal)}
        return render("applications/moved", to.locale, to.timezone, **values)
    values |= {"promised_day": letter.promised, "reason": proposal.date_reason}
    without_reason = replace(proposal, date_reason="")
    values["where_it_stands"] = _where_it_stands(to, without_reason)
    return render("applications/delayed", to.locale, to.timezone, **values)


def reverted(to: Recipient, letter: Letter, settings: Settings) -> RenderedMail:
    """To the candidate: their application is open again, because an ending that they were told of was a mistake."""
    return render(
        "applications/reverted",
        to.locale,
        to.timezone,
        name=to.name,
        opening=letter.opening_title,
        author=letter.author_name or settings.org_name,
        what_was_wrong=_what_was_wrong(to, letter.ended_as),
        message=letter.proposal.message,
        next_day=letter.proposal.next_update_by,
        where_it_stands=_where_it_stands(to, letter.proposal),
    )


def _what_was_wrong(to: Recipient, ended_as: ApplicationStatus | None) -> str:
    with reading_as(to.locale, to.timezone):
        if ended_as is ApplicationStatus.WITHDRAWN:
            return _("You had withdrawn it, and it is open again.")
        if ended_as is None:
            return _("We told you that it had ended. That was our mistake, and we are sorry. It is open again.")
        return _(
            "We told you that it had ended: %(status)s. That was our mistake, and we are sorry. It is open again.",
            status=STATUS_LABELS[ended_as],
        )


def follow(to: Recipient, opening_title: str, valid_until: date, settings: Settings) -> RenderedMail:
    """To the candidate: a fresh link, because somebody opened one that was too old."""
    return render("applications/follow", to.locale, to.timezone, opening=opening_title, valid_until=valid_until)


def _beginning(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= _BEGINNING else words[:_BEGINNING].rsplit(" ", 1)[0] + "…"


def _where_it_stands(to: Recipient, proposal: Proposal, *, is_told: bool = True) -> Rows:
    """Nothing of an ending that they know already (not `is_told`): it has no place below other words."""
    if proposal.status in ENDINGS and not is_told:
        return ()
    with reading_as(to.locale, to.timezone):
        rows = [(_("Where it stands"), str(STATUS_LABELS[proposal.status]))]
        if proposal.next_update_by:
            rows.append((_("Whose turn"), _whose_turn(proposal.status)))
            day = format_day(proposal.next_update_by)
            rows.append((_("Our promise"), _("You hear from us next by %(day)s.", day=day)))
        rows.append((_("Why this date is later"), proposal.date_reason))
    return tuple(rows)


def _feedback_owed(to: Recipient, letter: Letter) -> Rows:
    """True whether or not they were met, which a letter cannot know, and on whatever day it goes."""
    promise = letter.feedback
    is_rejection = letter.is_new_status and letter.proposal.status is ApplicationStatus.NOT_SELECTED
    if not is_rejection or promise is None or promise.way is FeedbackWay.NONE:
        return ()
    with reading_as(to.locale, to.timezone):
        if promise.way is FeedbackWay.TELEPHONE:
            said = ngettext(
                "If we met you for an interview, we call you with our feedback within one day of this letter.",
                "If we met you for an interview, we call you with our feedback within %(count)s days of this letter.",
                promise.days,
            )
        else:
            said = ngettext(
                "If we met you for an interview, you have our feedback in writing within one day of this letter.",
                "If we met you for an interview, you have our feedback in writing within %(count)s days of this "
                "letter.",
                promise.days,
            )
        return ((_("Feedback"), said),)


def _whose_turn(status: ApplicationStatus) -> str:
    """True whatever is proposed or agreed: a letter knows nothing of interviews."""
    if status is ApplicationStatus.INTERVIEWING:
        return _("Ours, unless times for an interview wait for your choice. What we agreed on stays as it is.")
    whose = _("Yours.") if whose_turn(status) is Turn.YOU else _("Ours.")
    return f"{whose} {WHAT_TO_DO.get(status, '')}"


@dataclass(frozen=True)
class Silence:
    """What an automatic message says: a promised day passed, and nobody has written."""

    opening_title: str
    owner_name: str
    status: ApplicationStatus
    #: The day that passed.
    missed_on: date
    #: Of a note: by when they hear from us now.
    next_update_by: date
    #: Which note in a row it is.
    number: int
    #: Of an escalation: who was asked to write, and whether they lead whoever looks after it.
    asked_name: str = ""
    is_lead: bool = False
    #: The day of their question that waits for an answer; None: none does.
    asked_on: date | None = None


def holding_note(to: Recipient, silence: Silence, settings: Settings) -> RenderedMail:
    """To the candidate: automatic, because the promised day came without a word from a person."""
    owner = silence.owner_name or settings.org_name
    with reading_as(to.locale, to.timezone):
        rows = [
            (_("Where it stands"), str(STATUS_LABELS[silence.status])),
            (_("Who looks after it"), owner),
            (_("Our promise"), _("You hear from us next by %(day)s.", day=format_day(silence.next_update_by))),
        ]
        second = _second_note(silence) if silence.number > 1 else ""
        what_to_do = _what_to_do(silence.asked_on)
    return render(
        "applications/holding_note",
        to.locale,
        to.timezone,
        name=to.name,
        opening=silence.opening_title,
        owner=owner,
        promised_day=silence.missed_on,
        next_day=silence.next_update_by,
        second_note=second,
        where_it_stands=tuple(rows),
        what_to_do=what_to_do,
    )


def _second_note(silence: Silence) -> str:
    return _(
        "This is the second such message in a row. If nobody writes to you by %(day)s, no third one comes: we tell you "
        "that we have not kept our promise, and somebody else is asked to write to you.",
        day=format_day(silence.next_update_by),
    )


def _what_to_do(asked_on: date | None) -> str:
    if asked_on is None:
        return _("You need not do anything. If you want to ask something, answer this mail.")
    return _(
        "You wrote to us on %(day)s, and nobody has answered you yet. Your question waits with us: you need not send "
        "it again.",
        day=format_day(asked_on),
    )


def escalated(to: Recipient, silence: Silence, settings: Settings) -> RenderedMail:
    """To the candidate: two notes in a row brought no word from a person, and somebody else was asked to write."""
    owner = silence.owner_name or settings.org_name
    with reading_as(to.locale, to.timezone):
        name = silence.asked_name or owner
        asked = _("%(name)s, who leads the recruiting team", name=name) if silence.is_lead else name
        rows = ((_("Where it stands"), str(STATUS_LABELS[silence.status])), (_("Who looks after it"), owner))
    return render(
        "applications/escalated",
        to.locale,
        to.timezone,
        name=to.name,
        opening=silence.opening_title,
        owner=owner,
        asked=asked,
        asked_name=name,
        promised_day=silence.missed_on,
        where_it_stands=rows,
    )


@dataclass(frozen=True)
class Receipt:
    """What somebody reads who has just applied."""

    opening_title: str
    owner_name: str
    hears_by: date
    stages: Sequence[Stage]


def received(locale: str, zone: str, name: str, said: Receipt) -> RenderedMail:
    """To somebody who has just applied: that it came, what happens next and by when, and who looks after it."""
    return render(
        "applications/received",
        locale,
        zone,
        name=name,
        opening=said.opening_title,
        owner=said.owner_name,
        hears_by=said.hears_by,
        next_heading=_l("What happens next:") if any(stage.what_happens for stage in said.stages) else "",
        what_happens_next=tuple((stage.name, stage.what_happens) for stage in said.stages),
    )


def confirm_application(person: KnownPerson | None, opening_title: str) -> RenderedMail:
    """To whoever reads the address that a stranger applied with: a link and a code that make the application.

    Nothing that was typed stands in it, because anybody can type it; the same for known and unknown addresses.
    """
    asking = reader()
    return render(
        "applications/confirm_application",
        person.locale if person else asking.locale,
        person.timezone if person else asking.zone,
        name=person.name if person else "",
        opening=opening_title,
    )


def withdrawn(to: Recipient, opening_title: str, owner_name: str, settings: Settings) -> RenderedMail:
    """To the candidate: what they did took effect, and what stays as it is."""
    return render(
        "applications/withdrawn",
        to.locale,
        to.timezone,
        name=to.name,
        opening=opening_title,
        owner=owner_name or settings.org_name,
    )


def said_yes(to: Recipient, opening_title: str) -> RenderedMail:
    """To the candidate: somebody with the link from a mail said yes to hearing from us, and how it is taken back."""
    with reading_as(to.locale, to.timezone):
        yes_words = str(PURPOSE_WORDS[Purpose.CHECK_INS])
    return render(
        "applications/said_yes", to.locale, to.timezone, name=to.name, opening=opening_title, yes_words=yes_words
    )


def ending_draft(kind: str, to: Recipient, opening_title: str, days: Sequence[date] = ()) -> str:
    """What a letter begins with that ends an application; `days` where it says "not yet": when they hear again."""
    values: dict[str, object] = {"name": to.name, "opening": opening_title}
    if days:
        values |= dict(zip(("first_day", "second_day", "third_day"), days, strict=True))
    return draft_text(kind, to.locale, to.timezone, **values)


def stay_draft(to: Recipient, opening_title: str, days: int, told_on: date) -> str:
    """What a letter begins with that goes about so many days after "not yet", which was said on `told_on`."""
    kind = f"applications/stay_in_touch_{days}"
    return draft_text(kind, to.locale, to.timezone, name=to.name, opening=opening_title, told_day=told_on)
