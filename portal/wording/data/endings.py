"""What letters begin with that end an application, by outcome and by how far it came, and those that stay in touch."""

from datetime import date
from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import TokenKind
from portal.wording.rules import GREETING, NAME, Button, Letter, Mail, Place, Word, Words

_OPENING = Word("opening", _l("What they applied for"), _l("Data Analyst"))
_WHY = _l("You get this mail because you applied to {org}.")
_DAYS: tuple[Place, ...] = (
    Word("first_day", _l("About when they hear again first"), date(2026, 4, 2)),
    Word("second_day", _l("About when they hear for the second time"), date(2026, 6, 1)),
    Word("third_day", _l("About when they hear for the third time"), date(2026, 8, 31)),
)


def _draft(name: str, title: str, when: str, body: str, *more: Place) -> Mail:
    return Mail(
        kind=f"applications/{name}",
        title=title,
        when=when,
        words=Words(subject=_l("A letter about {opening}"), preheader="", heading="{opening}", body=body),
        why=_WHY,
        places=(GREETING, NAME, _OPENING, *more),
        is_draft=True,
    )


_NOT_SELECTED: Final[tuple[Mail, ...]] = (
    _draft(
        "ended_not_selected_for_many",
        _l("Draft: not selected, for people at different steps"),
        _l("A colleague begins with it who ends applications together that came differently far."),
        _l("""\
{greeting}

We have decided about {opening}, and we have chosen somebody else. Your application ends here.

Thank you for the time you gave us. If you would like to know more about how we decided, answer this mail. You may \
apply to other roles at any time, and to this one whenever it is open."""),
    ),
    _draft(
        "ended_not_selected_received",
        _l("Draft: not selected, application received"),
        _l("A colleague begins with it who ends an application that had not been looked at further."),
        _l("""\
{greeting}

We have chosen other people to talk to about {opening}, so your application ends here.

Thank you for the time you put into it. You may apply to other roles at any time, and to this one \
whenever it is open."""),
    ),
    _draft(
        "ended_not_selected_in_review",
        _l("Draft: not selected, application in review"),
        _l("A colleague begins with it who ends an application that was being read."),
        _l("""\
{greeting}

We have read your application for {opening} with care, and we will not take it further. We have chosen people \
whose work so far is closer to what this role needs.

Thank you for the time you put into it. You may apply to other roles at any time, and to this one \
whenever it is open."""),
    ),
    _draft(
        "ended_not_selected_interviewing",
        _l("Draft: not selected, while interviewing"),
        _l("A colleague begins with it who ends an application at Interviewing, whether they met us or did a task."),
        _l("""\
{greeting}

Thank you for the time and thought you have put into {opening}. We have decided to continue with other people, so \
your application ends here.

We know what it takes to come this far. If you would like to know more about how we decided, answer this mail."""),
    ),
    _draft(
        "ended_not_selected_decision_pending",
        _l("Draft: not selected, at the last step"),
        _l("A colleague begins with it who ends an application that was among the last to be decided."),
        _l("""\
{greeting}

We have decided about {opening}, and we have chosen somebody else. You were among the last few, and it was close.

Thank you for all the time you gave us. If you would like to know more about how we decided, answer this mail, and \
we can talk."""),
    ),
    _draft(
        "ended_not_selected_offer_made",
        _l("Draft: not selected, after an offer"),
        _l("A colleague begins with it who ends an application although an offer had been made."),
        _l("""\
{greeting}

We made you an offer for {opening}, and we have to take it back. You have a right to know why, and I would like to \
tell you myself: please say when I may call you.

I am sorry. You did nothing wrong."""),
    ),
)

_CANCELLED: Final[tuple[Mail, ...]] = (
    _draft(
        "ended_opening_cancelled_for_many",
        _l("Draft: opening cancelled, for people at different steps"),
        _l("A colleague begins with it when an opening is cancelled whose applications came differently far."),
        _l("""\
{greeting}

We have cancelled the opening {opening}, so nobody is hired for it, and your application ends with it.

This says nothing about you or your application. Thank you for the time you gave us. If you would like to ask \
something, answer this mail. You may apply to other roles at any time."""),
    ),
    _draft(
        "ended_opening_cancelled_received",
        _l("Draft: opening cancelled, application received"),
        _l("A colleague begins with it when an opening is cancelled and an application had just come in."),
        _l("""\
{greeting}

We have cancelled the opening {opening}, so nobody is hired for it. Your application ends with it, before we had \
read it properly.

This says nothing about you. Thank you for applying, and you may apply to other roles at any time."""),
    ),
    _draft(
        "ended_opening_cancelled_in_review",
        _l("Draft: opening cancelled, application in review"),
        _l("A colleague begins with it when an opening is cancelled while an application was being read."),
        _l("""\
{greeting}

We have cancelled the opening {opening}, so nobody is hired for it. Your application ends with it.

This says nothing about you or your application. Thank you for the time you put into it."""),
    ),
    _draft(
        "ended_opening_cancelled_interviewing",
        _l("Draft: opening cancelled, while interviewing"),
        _l("A colleague begins with it when an opening is cancelled and an application stands at Interviewing."),
        _l("""\
{greeting}

We have cancelled the opening {opening}, so nobody is hired for it, and your application ends with it.

This says nothing about you. You have put time and thought into it, and I am sorry that it ends like this. If you \
would like to hear what we thought so far, answer this mail."""),
    ),
    _draft(
        "ended_opening_cancelled_decision_pending",
        _l("Draft: opening cancelled, at the last step"),
        _l("A colleague begins with it when an opening is cancelled while a decision was due."),
        _l("""\
{greeting}

We were about to decide about {opening}, and now the opening has been cancelled: nobody is hired for it. Your \
application ends with it.

This says nothing about you, and I am sorry that it ends like this after all the time you gave us. If you would \
like to talk about it, answer this mail."""),
    ),
    _draft(
        "ended_opening_cancelled_offer_made",
        _l("Draft: opening cancelled, after an offer"),
        _l("A colleague begins with it when an opening is cancelled although an offer had been made."),
        _l("""\
{greeting}

We made you an offer for {opening}, and now the opening has been cancelled. You have a right to know why, and I \
would like to tell you myself: please say when I may call you.

I am sorry. This says nothing about you."""),
    ),
)

_OTHERS: Final[tuple[Mail, ...]] = (
    _draft(
        "ended_hired_at_an_offer",
        _l("Draft: hired, after an offer"),
        _l("A colleague begins with it when somebody has accepted an offer."),
        _l("""\
{greeting}

You have said yes to {opening}, and we are glad. The job is yours.

I will tell you in good time what happens before your first day. Until then, ask me whatever you want to know."""),
    ),
    _draft(
        "ended_hired_before_an_offer",
        _l("Draft: hired, without an offer on this page"),
        _l("A colleague begins with it when somebody was hired and no offer stands on their page."),
        _l("""\
{greeting}

As we agreed, the job is yours: {opening}. Welcome.

I will tell you in good time what happens before your first day. Until then, ask me whatever you want to know."""),
    ),
    _draft(
        "ended_offer_declined_at_an_offer",
        _l("Draft: offer declined"),
        _l("A colleague begins with it when somebody has declined an offer."),
        _l("""\
{greeting}

Thank you for telling us that you decline our offer for {opening}. Your application ends with that, and we respect \
your decision.

Thank you for the time you gave us. If something changes for you, you know where we are."""),
    ),
    _draft(
        "ended_offer_declined_before_an_offer",
        _l("Draft: declined before an offer stood on the page"),
        _l("A colleague begins with it when somebody declined an offer that their page does not show."),
        _l("""\
{greeting}

Thank you for telling us that you would not take {opening}. Your application ends with that, and we respect your \
decision.

Thank you for the time you gave us. If something changes for you, you know where we are."""),
    ),
    _draft(
        "ended_withdrawn",
        _l("Draft: they told us that they withdraw"),
        _l("A colleague begins with it when a candidate has told them that they withdraw."),
        _l("""\
{greeting}

Thank you for telling us that you withdraw your application for {opening}. It has ended, as you wished, and nothing \
else of yours has changed.

If I misunderstood you, answer this mail. You may apply again at any time."""),
    ),
)

_NOT_YET: Final[tuple[Mail, ...]] = (
    _draft(
        "ended_not_yet",
        _l("Draft: not yet, near-fit"),
        _l("A colleague begins with it who tells a near-fit “not yet” instead of “no”."),
        _l("""\
{greeting}

We have chosen somebody else for {opening}, so this application ends here. For you this is a “not yet”: much of what \
you bring fits us, and I would like us to stay in touch.

I would like to write to you around {first_day}, again around {second_day}, and around {third_day}: how you are, and \
what is open here that could fit. I will do so only with your yes. The link in this mail opens the page of your \
application, and there you say with one tap whether you want that; if you have agreed to check-ins already, there is \
nothing to do. If you write to me or apply here before then, we talk, and these days no longer count."""),
        *_DAYS,
    ),
    _draft(
        "ended_not_yet_at_the_end",
        _l("Draft: not yet, silver medal"),
        _l("A colleague begins with it who tells somebody “not yet” who had reached the last step."),
        _l("""\
{greeting}

We have decided about {opening}, and we have chosen somebody else. You were among the last few, and it was close. \
For you this is a “not yet”: I would like to work with you, and I would like us to stay in touch.

I would like to write to you around {first_day}, again around {second_day}, and around {third_day}: how you are, and \
what is open here that could fit. I will do so only with your yes. The link in this mail opens the page of your \
application, and there you say with one tap whether you want that; if you have agreed to check-ins already, there is \
nothing to do. If you write to me or apply here before then, we talk, and these days no longer count."""),
        *_DAYS,
    ),
)

_TOLD = Word("told_day", _l("The day on which they were told “not yet”"), date(2026, 3, 3))

_STAY: Final[tuple[Mail, ...]] = (
    _draft(
        "stay_in_touch_30",
        _l("Draft: in touch after 30 days"),
        _l("A colleague begins with it about a month after somebody was told “not yet”."),
        _l("""\
{greeting}

On {told_day} I wrote to you about {opening}, and said that I would like to stay in touch. How are you, and how is \
your search going?

If you answer, I will know what to look out for. If you would rather not hear from me, say so, and I will stop."""),
        _TOLD,
    ),
    _draft(
        "stay_in_touch_90",
        _l("Draft: in touch after 90 days"),
        _l("A colleague begins with it about three months after somebody was told “not yet”."),
        _l("""\
{greeting}

On {told_day} I wrote to you that you were close to getting {opening}. How are you? Perhaps what you look for has \
changed since: tell me, and I will look out for it.

If you would rather not hear from me, say so, and I will stop."""),
        _TOLD,
    ),
    _draft(
        "stay_in_touch_180",
        _l("Draft: in touch after 180 days"),
        _l("A colleague begins with it about half a year after somebody was told “not yet”."),
        _l("""\
{greeting}

On {told_day} I wrote to you that you were close to getting {opening}, and that I would like to stay in touch. How \
are you? If something that is open here appeals to you, answer this mail, and I will tell you more.

This is the last time I write about it without hearing from you. You are welcome at any time."""),
        _TOLD,
    ),
)

_SAID_YES = Mail(
    kind="applications/said_yes",
    title=_l("A yes to staying in touch, said with a link"),
    when=_l("At once, when somebody says yes to hearing from us with the link from a mail, without signing in."),
    words=Words(
        subject=_l("You said yes to hearing from us"),
        preheader=_l("If it was not you, take it back with one tap."),
        heading=_l("You said yes"),
        body=_l("""\
Hello {name},

Somebody opened the link to your application for {opening} and said yes to hearing from us:

“{yes_words}”

If it was you, there is nothing to do. If it was not you, or you have changed your mind, open the page and press \
“Rather not”. Then none of this mail comes, and you need not sign in for that.

{application_button}"""),
    ),
    why=_l("You get this mail because somebody said yes for your address to mail from {org}."),
    places=(
        NAME,
        _OPENING,
        Word(
            "yes_words",
            _l("What the yes says"),
            _l("Ask me now and then how I am and what I am looking for."),
        ),
        Button(
            "application_button",
            _l("The link to their application"),
            _l("See your application"),
            "/follow/",
            TokenKind.FOLLOW,
        ),
    ),
)

_CHECK_IN: Final = Mail(
    kind="applications/stay_in_touch",
    title=_l("In touch after “not yet”"),
    when=_l("When a colleague writes to somebody who was told “not yet” and said yes to hearing from us."),
    words=Words(
        subject=_l("{author} wrote to you, as you wished"),
        preheader="{first_words}",
        heading=_l("In touch since {opening}"),
        body=_l("""\
{message}

{author}
{org}

{application_button}"""),
    ),
    why=_l("You get this mail because you said yes to check-ins from {org}."),
    reply=_l("Answer this mail and {author} reads it."),
    has_unsubscribe=True,
    places=(
        _OPENING,
        Word("author", _l("Who wrote it"), _l("Rita Sander")),
        Word("first_words", _l("How the message begins"), _l("Hello Ada Lind, How are you?")),
        Letter(
            "message",
            _l("What a colleague has written to them"),
            _l("Hello Ada Lind,\n\nHow are you, and how is your search going?"),
        ),
        Button(
            "application_button",
            _l("The link to their application"),
            _l("See your application"),
            "/follow/",
            TokenKind.FOLLOW,
        ),
    ),
)

ENDINGS: Final[tuple[Mail, ...]] = (*_NOT_SELECTED, *_CANCELLED, *_OTHERS, *_NOT_YET, *_STAY, _SAID_YES, _CHECK_IN)
