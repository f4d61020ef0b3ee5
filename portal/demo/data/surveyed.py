"""What people answered in the surveys of the demo, over seven months, and what was done about it; nobody is real.

Most of those who answered were here before anybody of this story, and their records have been deleted since, as the
rules about keeping say. Their answers stay: they are nobody's.
"""

from typing import NamedTuple

from portal.surveys.states import Touchpoint

#: Days before today on which the surveys were published, and on which answers were released.
PUBLISHED_DAYS_AGO = 214
RELEASED_DAYS_AGO = (196, 165, 134, 104, 73, 43, 9)
#: By area, for the months in which their openings were others than today's.
AREAS = ("engineering", "customer_support")
#: Ids in the earlier system of the openings that those of the last month were about.
OPENINGS = ("41001", "41004")


class Asked(NamedTuple):
    """How a survey of the demo was answered."""

    touchpoint: Touchpoint
    #: Answers at each release from each of the two areas, or about each of the two openings: five and more.
    counts: tuple[tuple[int, int], ...]
    #: By question: the mean of the answers in the first and in the last month.
    means: dict[str, tuple[float, float]]
    #: What somebody wrote, each once.
    words: tuple[str, ...] = ()
    outcome: str = ""
    #: Answers that wait for others.
    waiting: int = 0


ASKED = (
    Asked(
        Touchpoint.APPLIED,
        ((9, 7), (8, 7), (10, 8), (9, 7), (8, 8), (11, 9), (10, 9)),
        {"effort": (2.7, 1.9)},
        waiting=3,
    ),
    Asked(
        Touchpoint.INTERVIEWED,
        ((6, 5), (5, 5), (6, 6), (7, 5), (6, 5), (6, 6), (7, 5)),
        {"satisfaction": (3.6, 4.3), "fairness": (7.0, 8.3), "effort": (3.1, 2.0)},
        (
            "Tell me beforehand who will be there. Two people joined whom I had not expected.",
            "The task took me a whole weekend. A shorter one would have shown the same.",
            "I liked that my questions came first. Keep that.",
            "A longer break between the two talks.",
            "Please say at the beginning how long it will be.",
            "One of them read mails while I was talking.",
            "Nothing. It was the first interview in which I was not afraid to say that I do not know something.",
            "Send the link the day before, not ten minutes before.",
            "More time for what the work is like on an ordinary day.",
            "It was hard to find a time after my shift. Evenings would help.",
            "I would have liked to see the team's room, even if only on video.",
            "Ask about what is in my application. I told the same story twice.",
            "Leave the trick question out.",
            "The guide on how to prepare was good. I wish that I had had it earlier.",
        ),
        waiting=2,
    ),
    Asked(
        Touchpoint.NOT_SELECTED,
        ((8, 6), (7, 6), (8, 6), (7, 7), (8, 7), (9, 7), (8, 6)),
        {"recommend": (5.4, 7.6), "fairness": (6.1, 7.5), "feedback": (2.7, 4.0)},
        (
            "Tell me sooner. I waited five weeks for a sentence.",
            "Say what was missing. “Others fit better” tells me nothing.",
            "The call was kind, and it helped more than the letter.",
            "I would have liked the feedback in writing as well.",
            "If the place is filled already, close the advertisement.",
            "I was told the date on which I would hear, and I did hear on that date. Thank you for that.",
            "Do not write that my file is kept for later if nobody will look at it.",
            "Say earlier that you need somebody who lives near Warsaw.",
            "The reason you gave me was not in the advertisement.",
            "Give the name of somebody whom I can ask.",
            "It was the first refusal that taught me something.",
            "Fewer steps. Four talks for a no is a lot.",
        ),
        outcome="not_selected",
    ),
)

#: The answers of somebody who was not selected, else of somebody who applied, and who may be written to.
LOW_ANSWERS = {
    "recommend": ["3"],
    "fairness": ["4"],
    "effort": ["5"],
    "words": [
        "The second talk was moved twice, each time on the evening before. I had taken days off. "
        "A word of apology would have been enough."
    ],
}


class Post(NamedTuple):
    """What was said back."""

    touchpoint: Touchpoint
    author: str
    said: str
    did: str
    #: Working days before today on which it was published; 0: it is a draft.
    days_ago: int


POSTS = (
    Post(
        Touchpoint.NOT_SELECTED,
        "rita",
        "You waited for weeks, and when we wrote, you did not learn what was missing.",
        "Every letter now names the day by which you hear from us again. Whoever was interviewed here gets feedback "
        "within seven days, in writing, against the criteria of the advertisement.",
        6,
    ),
    Post(
        Touchpoint.INTERVIEWED,
        "rita",
        "Finding a time took many mails, and evenings were never among those we offered.",
        "You choose from times that we propose, in two taps, and can ask for others. One of them now lies after 17:00.",
        0,
    ),
)
