"""What came in, in plain words for those who look after the mail."""

from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.outbox.states import Bounce, MailSort, WhyLifted, WhyNotPlaced

SORT_WORDS: Final[dict[MailSort, str]] = {
    MailSort.BOUNCE: _l("Our mail came back"),
    MailSort.COMPLAINT: _l("Somebody called our mail spam"),
    MailSort.AUTO_REPLY: _l("A machine answered"),
    MailSort.LOOP: _l("Our own mail"),
    MailSort.REPLY: _l("Somebody wrote"),
}

BOUNCE_WORDS: Final[dict[Bounce, str]] = {
    Bounce.HARD: _l("The address takes no mail"),
    Bounce.SOFT: _l("The mailbox could not take it then"),
    Bounce.REFUSED: _l("Their server did not want this message"),
    Bounce.DELAYED: _l("Their server is still trying"),
}

WHY_WORDS: Final[dict[WhyNotPlaced, str]] = {
    WhyNotPlaced.OTHER_SENDER: _l("It came from an address that is not theirs"),
    WhyNotPlaced.DISOWNED: _l("It says it came from their address, and our mail server found that it did not"),
    WhyNotPlaced.NOTHING_SAID: _l("There are no words in it"),
    WhyNotPlaced.UNSIGNED: _l("It says that mail came back, and does not carry our signature"),
    WhyNotPlaced.NO_LETTER: _l("It answers none of our letters"),
    WhyNotPlaced.GONE: _l("The person whose letter it answers is not known here any more"),
    WhyNotPlaced.UNREADABLE: _l("It could not be read"),
    WhyNotPlaced.GIVEN: _l("An admin thinks that it is theirs"),
    WhyNotPlaced.TOO_MANY: _l("Very many came for one person at once"),
}

WHAT_TO_DO: Final[dict[WhyNotPlaced, str]] = {
    WhyNotPlaced.OTHER_SENDER: _l("Read it, and put it into their conversation if they wrote it."),
    WhyNotPlaced.DISOWNED: _l("Ask them in another way whether they wrote it before it goes into their conversation."),
    WhyNotPlaced.NOTHING_SAID: _l("Look at it in the mailbox if you expect something from them."),
    WhyNotPlaced.UNSIGNED: _l("Nothing was changed. If many come, check that your server keeps the return address."),
    WhyNotPlaced.NO_LETTER: _l("If you know who wrote it, give it to them; else answer from your own mailbox."),
    WhyNotPlaced.GONE: _l("They were erased or left. Answer from your own mailbox if they ask for something."),
    WhyNotPlaced.UNREADABLE: _l("Look at it in the mailbox it came to. Nothing was changed."),
    WhyNotPlaced.GIVEN: _l("Read it, and put it into their conversation if they wrote it."),
    WhyNotPlaced.TOO_MANY: _l("The first ones wait with them. Give them this one as well if it says something else."),
}

LIFT_WORDS: Final[dict[WhyLifted, str]] = {
    WhyLifted.THEY_SAID_SO: _l("They told us that this address works"),
    WhyLifted.ROOM_AGAIN: _l("Their mailbox was full, and has room again"),
    WhyLifted.SERVER_MENDED: _l("Their company's mail server did not work, and does now"),
    WhyLifted.MISTAKE: _l("It was our mistake or our mail server's"),
}
