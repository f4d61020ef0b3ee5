"""Where an application stands, in words for the candidate."""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from portal.applications.rules.ahead import Ahead, Next
from portal.applications.rules.promises import NOTES_IN_A_ROW
from portal.applications.states import ENDINGS, STATUS_LABELS, ApplicationStatus, Channel, EventKind
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l

#: Where the day stands in a sentence; a character that no name can hold.
_DAY = "\ue000"


class Turn(StrEnum):
    """Who has something to do next."""

    US = "us"
    YOU = "you"
    DONE = "done"


@dataclass(frozen=True)
class SayFirst:
    """The sentence an application's page opens with: `before`, its day if there is one, `after`.

    The day is a promise while the application is open, else when it ended.
    """

    turn: Turn
    before: str
    day: date | None
    after: str
    detail: str
    is_late: bool = False
    is_escalated: bool = False
    #: What stands above the sentence where it is not simply whose turn it is.
    eyebrow: str = ""
    #: Interviews and an offer that come before all of it, each with a sentence of its own.
    ahead: tuple[Ahead, ...] = ()

    @property
    def text(self) -> str:
        """The whole sentence."""
        return f"{self.before}{format_day(self.day)}{self.after}" if self.day else self.before

    @property
    def promise(self) -> date | None:
        """The day by which they hear from us; None once it has ended, and while nobody dares to name one."""
        return None if self.turn is Turn.DONE else self.day


@dataclass(frozen=True)
class Told:
    """What else is known of how the candidate learned of it."""

    #: The day of what they see, in the company's zone.
    on: date | None = None
    #: How a person told them where no mail reached them; None: the page tells them.
    channel: Channel | None = None
    #: Who told them; empty where it is not known.
    by: str = ""
    #: Of an escalated one: who is asked to write, and whether they lead whoever looks after it; empty: not known.
    asked_name: str = ""
    is_lead_asked: bool = False
    #: An import that nobody has released yet: nothing automatic is sent.
    is_held: bool = False
    #: Automatic notes since a person's last word, and the day that we had promised before the last of them.
    notes: int = 0
    missed_on: date | None = None
    #: Of an ending that was taken back: what it was.
    ended_as: ApplicationStatus | None = None
    #: They applied here, to an opening that says that no machine reads or chooses.
    is_read_by_people: bool = False
    #: What it waits for besides our word, what matters most first; and whether they have accepted our offer.
    ahead: tuple[Ahead, ...] = ()
    has_said_yes: bool = False

    @property
    def coming(self) -> Next | None:
        """What matters most of it."""
        if self.has_said_yes:
            return Next.ACCEPTED
        return self.ahead[0].next if self.ahead else None


_NOTHING_ELSE = Told()
#: How somebody was told, within a sentence.
CHANNEL_WAYS = {
    Channel.TELEPHONE: _l("by telephone"),
    Channel.VIDEO: _l("by video"),
    Channel.IN_PERSON: _l("in person"),
    Channel.LETTER: _l("by letter"),
    Channel.OTHER: _l("another way"),
}

_NEXT = {
    ApplicationStatus.RECEIVED: _l("We have your application, and %(owner)s tells you what happens next by %(day)s."),
    ApplicationStatus.IN_REVIEW: _l("We are reading your application, and you hear from %(owner)s by %(day)s."),
    ApplicationStatus.INTERVIEWING: _l("We are getting to know each other, and you hear from %(owner)s by %(day)s."),
    ApplicationStatus.DECISION_PENDING: _l("We are deciding, and %(owner)s tells you the outcome by %(day)s."),
    ApplicationStatus.OFFER_MADE: _l(
        "We have made you an offer. %(owner)s answers what you want to know, and you hear from us again by %(day)s."
    ),
}
_SAID_YES = _l("You accepted our offer, and %(owner)s writes to you by %(day)s.")
_CALLED_OFF = _l("Your interview was called off, and you hear from %(owner)s by %(day)s.")
_NO_NEWS = _l("There is no news yet, and you hear from us by %(day)s.")
_OPEN_AGAIN = _l("Your application is open again, and you hear from %(owner)s by %(day)s.")
#: What is said of an open one instead of how it stands, whatever that is.
_NEXT_SENTENCES: dict[Next | None, str] = {Next.ACCEPTED: _SAID_YES, Next.CALLED_OFF: _CALLED_OFF}
_ENDED = {
    ApplicationStatus.HIRED: _l("You got the job. Welcome."),
    ApplicationStatus.OFFER_DECLINED: _l("You declined our offer, and this application has ended."),
    ApplicationStatus.NOT_SELECTED: _l("We did not choose you for this role, and this application has ended."),
    ApplicationStatus.WITHDRAWN: _l("You withdrew this application, and it has ended."),
    ApplicationStatus.OPENING_CANCELLED: _l("This opening was cancelled, and with it your application has ended."),
}
_ENDED_ON = {
    ApplicationStatus.HIRED: _l("You got the job on %(day)s. Welcome."),
    ApplicationStatus.OFFER_DECLINED: _l("You declined our offer, and this application ended on %(day)s."),
    ApplicationStatus.NOT_SELECTED: _l("We did not choose you for this role, and this application ended on %(day)s."),
    ApplicationStatus.WITHDRAWN: _l("You withdrew this application, and it ended on %(day)s."),
    ApplicationStatus.OPENING_CANCELLED: _l(
        "This opening was cancelled, and with it your application ended on %(day)s."
    ),
}
_AFTER_THE_END = {
    ApplicationStatus.HIRED: _l(
        "What we wrote to you is below. %(owner)s answers what you want to know before you start."
    ),
    ApplicationStatus.OFFER_DECLINED: _l(
        "Thank you for the time you gave us. If you want to ask something, %(owner)s answers."
    ),
    ApplicationStatus.NOT_SELECTED: _l(
        "What we wrote to you about it is below. If you want to ask something, %(owner)s answers."
    ),
    ApplicationStatus.WITHDRAWN: _l(
        "Only this application has ended, nothing else of yours. If you did not mean to, tell %(owner)s."
    ),
    ApplicationStatus.OPENING_CANCELLED: _l(
        "This says nothing about you. If you want to ask something, %(owner)s answers."
    ),
}
_EYEBROWS = {ApplicationStatus.HIRED: _l("You got the job")}
#: What the candidate has to do while it is open, whatever else we know of it.
WHAT_TO_DO = {
    ApplicationStatus.RECEIVED: _l("You need not do anything now."),
    ApplicationStatus.IN_REVIEW: _l("You need not do anything now."),
    ApplicationStatus.INTERVIEWING: _l("But for the interviews we agree on with you, you need not do anything now."),
    ApplicationStatus.DECISION_PENDING: _l("You need not do anything now. You get an answer either way."),
    ApplicationStatus.OFFER_MADE: _l("Take the time you need to decide, and ask whatever you want to know."),
}
#: What they have to do where an interview or an answer says more about that.
_NEXT_TO_DO = {
    Next.ACCEPTED: _l("You need not do anything until then."),
    Next.DECIDE: WHAT_TO_DO[ApplicationStatus.OFFER_MADE],
    Next.CHOOSE: _l("Take the time that suits you, or tell us that none does."),
    Next.MEET: _l("All you have to do is be there."),
    Next.MOVED: _l("If the new time does not suit you, tell us. Otherwise all you have to do is be there."),
    Next.ASKED: _l("You need not do anything until we answer."),
    Next.CALLED_OFF: _l("You need not do anything until then."),
}
_YOUR_INTERVIEW_IS_OVER = _l("Your interview is behind you, and you need not do anything now.")
_NEXT_EYEBROWS = {
    Next.MEET: _l("Agreed"),
    Next.MOVED: _l("A new time"),
    Next.ACCEPTED: _l("You accepted"),
    Next.CALLED_OFF: _l("Called off"),
}


def whose_turn(status: ApplicationStatus, coming: Next | None = None) -> Turn:
    """Who has something to do next, as long as we keep our promises; `coming`: what matters most of what is ahead."""
    if status in ENDINGS:
        return Turn.DONE
    if coming is Next.ACCEPTED:
        return Turn.US
    is_theirs = status is ApplicationStatus.OFFER_MADE or coming in {Next.DECIDE, Next.CHOOSE}
    return Turn.YOU if is_theirs else Turn.US


def what_to_do(status: ApplicationStatus, coming: Next | None) -> str:
    """What the candidate has to do while it is open."""
    if status is ApplicationStatus.OFFER_MADE and coming is not Next.ACCEPTED:
        return str(WHAT_TO_DO[status])
    if coming is Next.MET and status is ApplicationStatus.INTERVIEWING:
        return str(_YOUR_INTERVIEW_IS_OVER)
    return str(_NEXT_TO_DO.get(coming, WHAT_TO_DO[status]) if coming else WHAT_TO_DO[status])


def say_first(
    status: ApplicationStatus,
    kind: EventKind,
    next_update_by: date | None,
    owner_name: str,
    today: date,
    told: Told = _NOTHING_ELSE,
) -> SayFirst:
    """What happens next, whose turn it is, and by when they hear from us; or how it ended, and when.

    `today` is the day in the company's zone, in which promises are made.
    """
    if kind is EventKind.ENDED_BEFORE_US:
        return _ended_before_us(status, owner_name)
    if status in ENDINGS or next_update_by is None:
        return _ended(status, kind, owner_name, told)
    if kind is not EventKind.INTERVIEW:
        # Who has read something else of us since knows how it goes on.
        told = replace(told, ahead=tuple(one for one in told.ahead if one.next is not Next.CALLED_OFF))
    return _with_ahead(_open(status, kind, next_update_by, owner_name, today, told), told)


def _open(
    status: ApplicationStatus, kind: EventKind, promised: date, owner_name: str, today: date, told: Told
) -> SayFirst:
    if kind is EventKind.ESCALATED:
        return _escalated(owner_name, told)
    if promised < today:
        return _late(promised, owner_name, told)
    sentence = str(_NEXT_SENTENCES.get(told.coming) or _open_sentence(status, kind))
    before, after = _around_day(sentence % {"owner": owner_name, "day": _DAY})
    detail = _open_detail(status, kind, told, promised, owner_name)
    if promised == today:
        detail = _("That is today.") + " " + detail
    return SayFirst(whose_turn(status, told.coming), before, promised, after, detail)


def _with_ahead(first: SayFirst, told: Told) -> SayFirst:
    """The same with the interviews and the offer that are ahead; late words of ours stay, whatever is ahead."""
    said = tuple(one for one in told.ahead if one.is_said)
    if told.coming is Next.CHOOSE:
        return replace(first, turn=Turn.YOU, eyebrow="", ahead=said)
    if told.coming is None or first.is_late or first.turn is Turn.YOU:
        return replace(first, ahead=said)
    return replace(first, eyebrow=str(_NEXT_EYEBROWS.get(told.coming, "")), ahead=said)


def _around_day(sentence: str) -> tuple[str, str]:
    before, _mark, after = sentence.partition(_DAY)
    return before, after


def _open_sentence(status: ApplicationStatus, kind: EventKind) -> str:
    if kind is EventKind.REVERTED:
        return str(_OPEN_AGAIN)
    if kind is EventKind.HOLDING_NOTE and status is not ApplicationStatus.OFFER_MADE:
        return str(_NO_NEWS)
    return str(_NEXT[status])


def _open_detail(status: ApplicationStatus, kind: EventKind, told: Told, promised: date, owner_name: str) -> str:
    to_do = what_to_do(status, told.coming)
    if told.coming is Next.ACCEPTED:
        return to_do
    if kind is EventKind.REVERTED:
        return f"{_what_was_wrong(told.ended_as)} {to_do}"
    if kind is EventKind.HOLDING_NOTE:
        return _note(told, promised, owner_name)
    if told.is_read_by_people and status is ApplicationStatus.IN_REVIEW:
        to_do += " " + _("People read it, and no machine decides.")
    how = how_told(kind, told, owner_name)
    return f"{how} {to_do}" if how else to_do


def _what_was_wrong(ended_as: ApplicationStatus | None) -> str:
    """The plain words of the mail that told them so."""
    if ended_as is ApplicationStatus.WITHDRAWN:
        return _("You had withdrawn it, and it is open again.")
    if ended_as is None:
        return _("We told you that it had ended. That was our mistake, and we are sorry.")
    return _(
        "We told you that it had ended: %(status)s. That was our mistake, and we are sorry.",
        status=STATUS_LABELS[ended_as],
    )


def _note(told: Told, promised: date, owner_name: str) -> str:
    """What an automatic note was, whether it was the last of its kind, and what comes if nobody writes."""
    if told.missed_on is None:
        words = [_("Our last note to you was automatic: we had promised word, and there was none.")]
    else:
        day = format_day(told.missed_on)
        words = [_("Our last note to you was automatic: we had promised word by %(day)s, and there was none.", day=day)]
    if told.notes >= NOTES_IN_A_ROW:
        day = format_day(promised)
        words.append(_("It was the second in a row. If nobody writes by %(day)s, somebody else is asked.", day=day))
    words.append(_("The note says nothing about your application, which %(owner)s looks after.", owner=owner_name))
    return " ".join(words)


def how_told(kind: EventKind, told: Told, owner_name: str) -> str:
    """How they learned of it where it was not by a mail of ours; else empty. `owner_name`: whom they can ask."""
    if kind is EventKind.TOLD_ELSEWHERE:
        ask = _("If it did not reach you, ask %(owner)s.", owner=owner_name)
        return f"{_told_elsewhere(told)} {ask}"
    if kind is not EventKind.TOLD_HERE:
        return ""
    if told.channel is None:
        return _("Our mail about it did not reach you, so this page tells you.")
    way = CHANNEL_WAYS[told.channel]
    if not told.by or told.on is None:
        return _("Our mail about it did not reach you, so we told you %(way)s.", way=way)
    return _(
        "Our mail about it did not reach you, so %(name)s told you %(way)s on %(day)s.",
        name=told.by,
        way=way,
        day=format_day(told.on),
    )


def _told_elsewhere(told: Told) -> str:
    """Who told them, when, and by what way, as far as it is known."""
    by = told.by or _("The system in which you applied")
    how = [f" {CHANNEL_WAYS[told.channel]}"] if told.channel else []
    if told.on is None:
        return _("%(name)s told you about it%(how)s, so there is no second letter.", name=by, how="".join(how))
    return _(
        "%(name)s told you about it%(how)s on %(day)s, so there is no second letter.",
        name=by,
        how="".join(how),
        day=format_day(told.on),
    )


def _ended(status: ApplicationStatus, kind: EventKind, owner_name: str, told: Told) -> SayFirst:
    after_the_end = _AFTER_THE_END.get(status, _AFTER_THE_END[ApplicationStatus.NOT_SELECTED])
    detail = str(after_the_end) % {"owner": owner_name}
    how = how_told(kind, told, owner_name)
    if how:
        detail = how
    if kind is EventKind.TOLD_HERE:
        detail += " " + _("If you want to ask something, %(owner)s answers.", owner=owner_name)
    eyebrow = _ended_eyebrow(status)
    if told.on is None or status not in _ENDED_ON:
        sentence = str(_ENDED.get(status, STATUS_LABELS[status]))
        return SayFirst(Turn.DONE, sentence, None, "", detail, eyebrow=eyebrow)
    before, after = _around_day(str(_ENDED_ON[status]) % {"day": _DAY})
    return SayFirst(Turn.DONE, before, told.on, after, detail, eyebrow=eyebrow)


def _ended_eyebrow(status: ApplicationStatus) -> str:
    return str(_EYEBROWS[status]) if status in _EYEBROWS else _("It has ended")


def _ended_before_us(status: ApplicationStatus, owner_name: str) -> SayFirst:
    sentence = _("This application ended before this page existed: %(status)s.", status=STATUS_LABELS[status])
    detail = _(
        "So there is no letter about it here. If you would like to know more, ask %(owner)s.",
        owner=owner_name,
    )
    return SayFirst(Turn.DONE, sentence, None, "", detail, eyebrow=_ended_eyebrow(status))


def _late(promised: date, owner_name: str, told: Told) -> SayFirst:
    before, after = _around_day(_("We promised to write to you by %(day)s, and we have not done so.", day=_DAY))
    detail = _(
        "That is our mistake and says nothing about your application. It stands among the first on %(owner)s's list.",
        owner=owner_name,
    )
    if not told.is_held:
        detail += " " + _(
            "Word is on its way: from a person, as an automatic note with a new date, or here on this page."
        )
    return SayFirst(Turn.US, before, promised, after, detail, is_late=True, eyebrow=_("We are late"))


def _escalated(owner_name: str, told: Told) -> SayFirst:
    text = _("We have not kept our promise to write to you, so we name no new day until a person has written.")
    asked = _who_is_asked(told)
    ask = _("You can write to %(name)s at any time.", name=told.asked_name or owner_name)
    detail = _("That is our fault, and it says nothing about your application.") + f" {asked} {ask}"
    eyebrow = _("We have not kept our promise")
    return SayFirst(Turn.US, text, None, "", detail, is_late=True, is_escalated=True, eyebrow=eyebrow)


def _who_is_asked(told: Told) -> str:
    if not told.asked_name:
        return _("The lead of the recruiting team has been asked to write to you.")
    if told.is_lead_asked:
        return _("%(name)s, who leads the recruiting team, has been asked to write to you.", name=told.asked_name)
    return _("%(name)s has been asked to write to you.", name=told.asked_name)
