"""How some applications of the demo ended or were moved, and what colleagues noted about people; nobody is real."""

from typing import NamedTuple


class Ending(NamedTuple):
    """An ending of the demo: for whom it is picked, when, and what they read."""

    #: Where the application stands before, and by whom it is looked after.
    standing: str
    author: str
    outcome: str
    #: Working days before today; 0: a few minutes ago, so that it can still be taken back.
    days_ago: int
    words: str
    #: Of a "not yet": why they are a near-fit, for colleagues.
    mark: str = ""
    #: Of one that was taken back: how many working days before today, and the words.
    reverted_days_ago: int = 0
    reverted_words: str = ""


ENDINGS = (
    Ending(
        "interviewing",
        "rita",
        "not_selected",
        3,
        "In our talk you explained how you would find out what a night shift needs before you draw or build anything. "
        "That stayed with all of us. For this role we needed somebody who has worked with medical data before.",
        mark="Asks the right questions before building anything, and the team enjoyed the talk. No health care yet: "
        "fits as soon as a role comes that is not about patient data.",
    ),
    Ending(
        "in_review",
        "rita",
        "not_selected",
        4,
        "Thank you for your application. We have read it with care, and we will not go on with it: the people whom we "
        "meet now have done this kind of work before.",
        reverted_days_ago=2,
        reverted_words="My last letter was meant for another application. That was my mistake, and I am sorry for "
        "the days it cost you. Yours is open as before, and Hugo reads it this week.",
    ),
    Ending(
        "in_review",
        "rita",
        "not_selected",
        0,
        "Thank you for your application, and for the examples of your work. We go on with people who have more "
        "practice with software that is used on a ward.\n\nIf you would like to know what would make the difference "
        "next time, answer this mail and I will tell you.",
    ),
    Ending(
        "offer_made",
        "omar",
        "hired",
        2,
        "You said yes, and we are glad. Your contract is on its way by post. Lena calls you in the week before you "
        "begin, and on your first day she waits for you at the door.",
    ),
)


class Round(NamedTuple):
    """One ending for many of one opening; the words have a place for the name of each."""

    standing: str
    author: str
    outcome: str
    people_count: int
    words: str


ROUND = Round(
    "in_review",
    "rita",
    "not_selected",
    4,
    "Hello {name},\n\nThank you for your application, and for the care with which you wrote it. Two of us have read "
    "all that came in. We now meet people who have done this kind of work in a clinic or a hospital before, and so we "
    "do not go on with your application.\n\nIf you would like to know more, answer this mail. I read it myself.",
)

#: What somebody wrote who withdrew; picked among those whom Omar meets.
WITHDRAWN_STANDING = "interviewing"
WITHDRAWN_WHY = "My family and I have decided to stay in Porto for now. Thank you for writing to me yourself each time."

#: Where those stand who were told that it takes longer, by whom, how many, and until when in working days.
DELAYED_STANDING, DELAYED_BY, DELAYED_COUNT, DELAYED_DAYS = "decision_pending", "omar", 3, 6
DELAY_REASON = "Lena is ill this week, and she wants to decide with everybody who met you."


class Noted(NamedTuple):
    """What a colleague wrote about somebody, never seen by them."""

    email: str
    author: str
    #: Working days before today.
    days_ago: int
    words: str
    #: Whether it is about their application and not about them.
    is_about_application: bool = False


NOTES = (
    Noted(
        "ada@demo.example",
        "rita",
        6,
        "Hugo has read her notes on moving the booking system and wants to meet her before anybody else of this round. "
        "He asks that Lena joins: Ada would talk with clinics a lot.",
        is_about_application=True,
    ),
    Noted(
        "ada@demo.example",
        "hugo",
        2,
        "Uses a screen reader for long documents. I send my questions as plain text two days before, no slides.",
        is_about_application=True,
    ),
    Noted(
        "silas@demo.example",
        "rita",
        4,
        "Took it well and asked what he could read about hospital integrations. Sent him the two talks that Hugo "
        "recommends. First to be asked when a backend role opens.",
    ),
)
#: By address: who put them on, and the tags.
TAGS: dict[str, tuple[str, tuple[str, ...]]] = {
    "ada@demo.example": ("rita", ("Booking systems", "Speaks at meet-ups", "Warsaw or remote")),
    "silas@demo.example": ("rita", ("Backend", "Finds faults fast", "Ask first")),
}
