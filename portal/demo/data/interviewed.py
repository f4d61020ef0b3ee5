"""Who of the demo was interviewed, what feedback came of it, and to whom an offer was made; nobody is real."""

from typing import Final, NamedTuple

from portal.feedback.rules.writing import FeedbackWords
from portal.interviews.states import InterviewFormat
from portal.offers.states import DeclineReason

PHONE: Final = "+48 22 555 01 20"
LINK: Final = "https://meet.kindred.example/"
BY_TELEPHONE: Final = "We call you under the number that you gave us"


class Talk(NamedTuple):
    """What an interview of the demo is about."""

    title: str
    format: InterviewFormat
    minutes: int
    #: By the first part of their addresses; whoever looks after the application arranges it.
    panel: tuple[str, ...]
    about: str
    prepare: str
    criteria: str
    #: What whoever arranges it writes.
    words: str


SCREEN: Final = Talk(
    "First talk",
    InterviewFormat.VIDEO,
    30,
    ("lena",),
    "Lena tells you about the work, and you tell her what you look for. You ask at least as much as she does.",
    "Nothing. A quiet place helps.",
    "SQL in your sleep, and doubt about every number that looks too good\n"
    "You have changed somebody's mind with a chart, and had yours changed",
    "We would like to get to know you. It is half an hour by video, and nothing to prepare for.",
)
FIRST: Final = SCREEN._replace(
    criteria="Wins over people who have no time\nWrites clearly in English",
)
TEAM: Final = Talk(
    "Meet the team",
    InterviewFormat.VIDEO,
    60,
    ("hugo", "rita"),
    "You meet the people you would work with and talk about one thing you built and one that went wrong.",
    "Think of one thing you built and would build differently today. No slides, no test.",
    "Builds for people who have no time\nExplains hard things to those who are no engineers\nSays what went wrong",
    "Hugo and I would like to meet you. Choose the time that suits you best; if none does, tell me and I look again.",
)
SERVICE: Final = Talk(
    "Talk with Lena",
    InterviewFormat.TELEPHONE,
    40,
    ("lena", "omar"),
    "A morning in customer success, told by Lena, and one of yours, told by you.",
    "Bring a conversation with somebody who had no time for you.",
    "Wins over people who have no time\nWrites clearly in English",
    "Lena and I would like to talk with you by telephone. Choose the time that suits you best.",
)
ADA_TALK: Final = Talk(
    "Talk with Hugo and Lena",
    InterviewFormat.VIDEO,
    45,
    ("hugo", "lena", "rita"),
    "Hugo asks about one system you built and would build differently today. Lena asks how you explain hard things to "
    "people who are not engineers. I am there to answer whatever you want to know.",
    "Hugo sends you his questions as plain text. There is no test and no riddle.",
    "Keeps a system running while it changes\nExplains hard things to those who are no engineers\nAsks before building",
    "Here are the times, Ada. All three suit Hugo, Lena and me; the talk is in English, and it takes 45 minutes.",
)
ADA_QUESTIONS: Final = (
    "Which part of the platform keeps you awake at night?",
    "How does a team here decide that something is finished?",
)
ADA_NEEDS: Final = "I use a screen reader for long documents. Please read out what you show on a shared screen."


class Episode(NamedTuple):
    """Somebody who was interviewed and not chosen, or withdrew: in which opening, and when it ended."""

    #: What this story calls it.
    key: str
    #: Empty: somebody whom this story tells of in no other place.
    email: str
    author: str
    opening: str
    talk: Talk
    #: Calendar days before today, or the working day before.
    ended_days_ago: int
    #: What they read, or what they wrote who withdrew.
    ending: str
    #: What Hugo noted, by criterion; empty where he noted nothing.
    notes: tuple[tuple[str, str], ...] = ()
    #: They ended it themselves, and asked for feedback.
    is_withdrawn: bool = False


#: Before anybody else hears from us: Ada's other application, and five to whom feedback is owed in one way or another.
EPISODES: Final = (
    Episode(
        "ada",
        "ada@demo.example",
        "omar",
        "Data Analyst, Finance",
        SCREEN,
        8,
        "Lena was kind and clear, and it was she who made me see that I would rather build than count. I would like to "
        "go on with the platform team alone.",
        is_withdrawn=True,
    ),
    Episode(
        "due_today",
        "",
        "rita",
        "Senior Backend Engineer",
        TEAM,
        7,
        "Thank you for the hour you spent with Hugo and me. We have decided for somebody who has run systems of this "
        "size before. You get feedback from us within a week.",
    ),
    Episode(
        "overdue",
        "",
        "rita",
        "Product Designer",
        TEAM,
        10,
        "Thank you for showing us your work. We have decided for somebody who has drawn for clinics before. You get "
        "feedback from us within a week.",
    ),
    Episode(
        "held",
        "",
        "rita",
        "Senior Backend Engineer",
        TEAM,
        6,
        "Thank you for the talk with the team. We go on with somebody else, whose work is nearer to ours. You get "
        "feedback from us within a week.",
    ),
    Episode(
        "by_telephone",
        "",
        "omar",
        "Customer Success Manager",
        SERVICE,
        5,
        "Thank you for the talk with Lena and me. We have decided for somebody who speaks Portuguese. I call you "
        "within a week, and tell you what stayed with us.",
    ),
    Episode(
        "to_approve",
        "",
        "rita",
        "Product Designer",
        TEAM,
        4,
        "Thank you for the hour with Hugo and me. We have decided for somebody else. What you showed us deserves more "
        "than this letter: you get feedback within a week.",
        notes=(
            ("Builds for people who have no time", "The night shift was in every drawing."),
            ("Explains hard things to those who are no engineers", "Described twice, did not explain."),
        ),
    ),
)
HOLD_REASON: Final = "They have written that they take advice because of a question Hugo asked. Alma looks at it first."
HOLD_WORDS: Final = (
    "You wrote to us about a question that you were asked. I want to answer that first and with care. After that you "
    "get your feedback."
)
ADA_FEEDBACK: Final = FeedbackWords(
    strong="You asked whom each number is for before you asked how it is counted. Lena has used that question twice "
    "since.",
    try_this="Take the yearly report of a company that you know, and find the three numbers its head nurse would want. "
    "It is the quickest way into this kind of work that we know.",
)
SILAS_TALK: Final = TEAM._replace(
    panel=("hugo", "lena", "rita"),
    criteria="Finds faults in a data model\nHas run hospital integrations\nSays what he does not know",
    words="Hugo, Lena and I would like to meet you, Silas. Choose the time that suits you best.",
)
SILAS_FEEDBACK: Final = FeedbackWords(
    strong="You found the fault in our data model within ten minutes, and told us how you found it. When Lena asked "
    "about laboratories you said plainly that you had never worked with one.",
    criterion="Has run hospital integrations",
    missing="We need somebody now who has kept such a line running through a bad night. You have read about it, and "
    "have not done it yet.",
    try_this="Build one small line yourself: the public test server of HL7 answers to everybody, also with errors.",
    resource="The first chapter on messages that arrive twice",
    resource_url="https://hl7.example/twice",
)
SILAS_NOTES: Final = (
    ("Finds faults in a data model", "Ten minutes. He drew the two tables on paper and asked which one we believe."),
    ("Has run hospital integrations", "No. Said so at once."),
    ("", "I would work with him tomorrow. Not for this role."),
)
DESIGNER_FEEDBACK: Final = FeedbackWords(
    strong="You showed a screen that had failed, and what the nurse said who could not use it. Nobody else brought "
    "one.",
    criterion="Explains hard things to those who are no engineers",
    missing="When Hugo asked why the second version was better, you described it again. We looked for the reason.",
    try_this="Write down for three of your screens what you took away, and for whom.",
)
#: Who asks for another time, and in which words.
WISH_WORDS: Final = "I am at a clinic on both days and cannot step out. Any morning of the week after would be good."
MIRA: Final = "mira.castellanos@example.org"
MIRA_WORDS: Final = (
    "Hello Mira,\n\nHugo has read about your Tuesdays, and we would both like to hear the rest. Choose the time that "
    "suits you best; if none does, tell me and I look again."
)


class Offered(NamedTuple):
    """An offer of Rita's: how many working days ago, and what became of it how many working days ago (0: nothing)."""

    made_days_ago: int
    answered_days_ago: int
    is_accepted: bool
    answer: str
    reason: DeclineReason | None = None


OFFERS: Final = (
    Offered(
        6,
        2,
        False,
        "I have thought about it all week. My partner cannot move before the summer, and I do not want to begin from "
        "afar. I would be glad to hear from you next year.",
        DeclineReason.PLACE_OR_HOURS,
    ),
    Offered(5, 1, True, "With great pleasure. I give notice tomorrow."),
    Offered(2, 0, False, ""),
)
OFFER_WORDS: Final = (
    "Hello {name},\n\nEverybody who met you would like to work with you, and so would I. The offer stands on your "
    "page. Read it in peace, and call me about anything in it."
)
OFFER_TERMS: Final = (
    "- Pay: 66,000 EUR a year before tax, and the raise that everybody gets in April\n"
    "- 40 hours a week, or 36 with Fridays off; you choose\n"
    "- From home, from Warsaw, or both\n- 28 days off, and the last week of the year\n"
    "- Begin on a first of the month that suits you"
)
#: How many said so of the interviews for Senior Backend Engineer, by week before this one: on time, time to ask.
IMPRESSIONS: Final = (
    (1, True, True, 4),
    (1, True, False, 1),
    (2, True, True, 3),
    (2, False, True, 1),
)
IMPRESSIONS_OF: Final = "Senior Backend Engineer"
#: What stands at the head of the page of promises, since so many working days.
PROMISE_WORDS: Final = (
    "All of us who work here have waited for an answer that never came. This is how we want to be different."
)
PROMISED_DAYS_AGO: Final = 6
