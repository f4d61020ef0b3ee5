"""The mails of offers. None says what is offered: mails get forwarded, and the offer stands on a page of its own."""

from datetime import date
from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import TokenKind
from portal.wording.rules import GREETING, NAME, Button, Facts, GoesTo, Letter, Links, Mail, Word, Words

_DECIDE_BY: Final = date(2026, 3, 13)
_OPENING = Word("opening", _l("What they applied for"), _l("Data Analyst"))
_AUTHOR = Word("author", _l("Who wrote it"), _l("Rita Sander"))
_OWNER = Word("owner", _l("Who looks after the application"), _l("Rita Sander"))
_DAY = Word("decide_by", _l("The day by which they are asked to decide"), _DECIDE_BY)
_WRITTEN = _l("What a colleague has written to them")
_TO_DECIDE = (
    (_l("Please decide by"), _l("Friday 13 March 2026")),
    (_l("Who to talk to"), _l("Rita Sander, +48 22 123 45 67")),
    (_l("Our promise"), _l("You hear from us next by Friday 20 March 2026.")),
)
_FACTS = Facts("facts", _l("By when to decide, whom to talk to, and by when they hear from us"), _TO_DECIDE)
_NEXT = Facts(
    "facts",
    _l("By when they hear from us"),
    ((_l("Our promise"), _l("You hear from us next by Friday 20 March 2026.")),),
)
_OFFER = Links(
    "offer_link",
    _l("The link to the offer; they sign in to read it"),
    ((_l("Read the offer"), "/me/applications/x7Kp2mQ9vTzR/offer"),),
)
_APPLICATION = Button(
    "application_link",
    _l("The link to their application"),
    _l("See your application"),
    "/follow/",
    TokenKind.FOLLOW,
    is_quiet=True,
)
_MADE = Letter(
    "message",
    _WRITTEN,
    _l("Dear Ada,\n\nWe would like to work with you. Read it in peace, and ask whatever you want to know."),
)
_CHANGED = Letter(
    "message", _WRITTEN, _l("Dear Ada,\n\nWe have thought about what you said on the telephone. Please look again.")
)
_TIME = Letter("message", _WRITTEN, _l("Dear Ada,\n\nOf course you can take until then."))
_NO_TIME = Letter(
    "message", _WRITTEN, _l("Dear Ada,\n\nThe team begins in April, so we cannot wait longer. Call me if that helps.")
)
_TAKEN_BACK = Letter(
    "message",
    _WRITTEN,
    _l("Dear Ada,\n\nOur budget was cut this week, and we cannot keep to what we offered. I am sorry."),
)
_PLACES = (_OPENING, _AUTHOR, _DAY, _FACTS, _OFFER, _APPLICATION)
_WHY = _l("You get this mail because you applied to {org}.")
_REPLY = _l("You can answer this mail, and {author} reads it.")
OFFERS: Final[tuple[Mail, ...]] = (
    Mail(
        kind="offers/made",
        title=_l("An offer"),
        when=_l("When a colleague makes somebody an offer."),
        words=Words(
            subject=_l("An offer for you: {opening}"),
            preheader=_l("Take your time to read it. Please decide by {decide_by}."),
            heading=_l("We would like to make you an offer"),
            body=_l("""\
{message}

{author}
{org}

{facts}

What we offer stands on your page and not in this mail, because mails get passed on. Sign in with this address to \
read it. There you can also ask for more time.

{offer_link}

{application_link}"""),
        ),
        why=_WHY,
        reply=_REPLY,
        places=(*_PLACES, _MADE),
    ),
    Mail(
        kind="offers/changed",
        title=_l("An offer was changed"),
        when=_l("When a colleague changes an offer that somebody has not answered yet."),
        words=Words(
            subject=_l("Our offer has changed: {opening}"),
            preheader=_l("What is different stands on your page. Please decide by {decide_by}."),
            heading=_l("Our offer to you has changed"),
            body=_l("""\
{message}

{author}
{org}

{facts}

What is different stands on your page, beside what we offered before. Sign in to read it.

{offer_link}

{application_link}"""),
        ),
        why=_WHY,
        reply=_REPLY,
        places=(*_PLACES, _CHANGED),
    ),
    Mail(
        kind="offers/more_time",
        title=_l("More time to decide about an offer"),
        when=_l("When a colleague gives somebody more time to decide."),
        words=Words(
            subject=_l("You have more time to decide: {opening}"),
            preheader=_l("Until {decide_by}."),
            heading=_l("You have until {decide_by}"),
            body=_l("""\
{message}

{author}
{org}

{facts}

{offer_link}

{application_link}"""),
        ),
        why=_WHY,
        reply=_REPLY,
        places=(*_PLACES, _TIME),
    ),
    Mail(
        kind="offers/no_more_time",
        title=_l("No more time to decide about an offer"),
        when=_l("When somebody asked for more time to decide, and a colleague cannot give it."),
        words=Words(
            subject=_l("About the time you asked for: {opening}"),
            preheader=_l("The day stays {decide_by}."),
            heading=_l("The day stays {decide_by}"),
            body=_l("""\
{message}

{author}
{org}

{facts}

The offer stands as it was.

{offer_link}

{application_link}"""),
        ),
        why=_WHY,
        reply=_REPLY,
        places=(*_PLACES, _NO_TIME),
    ),
    Mail(
        kind="offers/withdrawn",
        title=_l("An offer was taken back"),
        when=_l("When a colleague takes back an offer that somebody has not answered yet."),
        words=Words(
            subject=_l("We take back our offer: {opening}"),
            preheader=_l("Please read why."),
            heading=_l("We take back our offer"),
            body=_l("""\
{message}

{author}
{org}

{facts}

Your application stays open. You can answer this mail, or ask on your page.

{application_link}"""),
        ),
        why=_WHY,
        reply=_REPLY,
        places=(_OPENING, _AUTHOR, _TAKEN_BACK, _NEXT, _APPLICATION),
    ),
    Mail(
        kind="offers/accepted",
        title=_l("Somebody accepted an offer"),
        when=_l("At once, when somebody accepts an offer."),
        words=Words(
            subject=_l("You accepted our offer: {opening}"),
            preheader=_l("{owner} writes to you with all that comes next."),
            heading=_l("You accepted our offer"),
            body=_l("""\
{greeting}

You accepted our offer for {opening}. We are glad, and look forward to working with you.

What happens next: {owner} writes to you with all that comes before your first day. You need not do anything until then.

You hear from us by {next_by}.

What you agreed to stays on your page.

{offer_link}

{application_link}

If it was a mistake, answer this mail soon, and {owner} sees what can be done."""),
        ),
        why=_l("You get this mail because you accepted an offer of {org}."),
        reply=_l("Answer this mail and {owner} reads it."),
        places=(
            GREETING,
            NAME,
            _OPENING,
            _OWNER,
            Word(
                "next_by",
                _l("The day by which they hear from us, where one is named"),
                date(2026, 3, 20),
                may_be_empty=True,
            ),
            _OFFER,
            _APPLICATION,
        ),
    ),
    Mail(
        kind="offers/declined",
        title=_l("Somebody declined an offer"),
        when=_l("At once, when somebody declines an offer."),
        words=Words(
            subject=_l("You declined our offer: {opening}"),
            preheader=_l("Your application has ended, and nothing else of yours has changed."),
            heading=_l("You declined our offer"),
            body=_l("""\
{greeting}

You declined our offer for {opening}, and this application has ended. Thank you for the time you gave us, and for \
telling us.

Nothing else of yours has changed. You may apply again at any time, for this role too.

If you would like to hear from us now and then, say so on your page. We write only if you do.

{preferences_button}

{application_link}

If you did not mean to, answer this mail, and {owner} sees what can still be done."""),
        ),
        why=_l("You get this mail because you declined an offer of {org}."),
        reply=_l("Answer this mail and {owner} reads it."),
        places=(
            GREETING,
            NAME,
            _OPENING,
            _OWNER,
            Button(
                "preferences_button",
                _l("The link to what they want to hear from us"),
                _l("Choose what I hear from you"),
                "/me/preferences",
            ),
            _APPLICATION,
        ),
    ),
    Mail(
        kind="offers/answered",
        title=_l("An offer was answered"),
        when=_l(
            "At once, to who looks after the application or stands in, when somebody accepts or declines an offer or "
            "asks for time."
        ),
        words=Words(
            subject=_l("An answer to our offer: {opening}"),
            preheader="{what}",
            heading=_l("An answer to our offer"),
            body=_l("""\
It is about: {opening}.

{what}

The next step is yours, by {due_on}.

{page}

Who it is and what they wrote stands only there, where it can be deleted when they ask us to."""),
        ),
        why=_l("You get this mail because you look after this at {org}, or stand in for who does."),
        goes_to=GoesTo.STAFF,
        places=(
            _OPENING,
            Word("what", _l("What they did"), _l("They ask for more time to decide.")),
            Word(
                "due_on",
                _l("The day by which something is to be done; empty where nothing is"),
                _l("Thursday 5 March 2026"),
                may_be_empty=True,
            ),
            Links(
                "page",
                _l("The link to the offer"),
                ((_l("See what they wrote"), "/recruiting/applications/x7Kp2mQ9vTzR/offer"),),
            ),
        ),
    ),
)
