"""What Rita and Hugo wrote for the community of the demo; every figure in it is one of an opening's."""

from typing import NamedTuple

from portal.demo.data import texts
from portal.updates.states import Audience, UpdateKind


class When(NamedTuple):
    """So many working days before today, at a time of day in the company's zone; negative: to come."""

    days_ago: int
    hour: int
    minute: int = 0


class Corrected(NamedTuple):
    """What was corrected, as readers are told; the text that took the place of which, a line each."""

    when: When
    words: str
    before: str
    after: str


class Withdrawn(NamedTuple):
    """When an update was taken back, and what its readers are told."""

    when: When
    words: str


class Post(NamedTuple):
    """One update: who wrote it, when it came out and for whom."""

    key: str
    author: str
    when: When
    kind: UpdateKind
    audience: Audience
    title: str
    summary: str
    body: str
    areas: tuple[str, ...] = ()
    #: Of figures: where they come from; they are of the day on which they were published.
    source: str = ""
    #: Of an event: in how many working days, and in words when and where.
    event_in: int = 0
    event_where: str = ""
    #: Whose story it is, when they were asked and when they said yes.
    story_of: str = ""
    asked: When | None = None
    agreed: When | None = None
    corrected: Corrected | None = None
    withdrawn: Withdrawn | None = None
    #: When its mailing was paused.
    paused: When | None = None
    #: Nobody has published it yet.
    is_draft: bool = False


POSTS: tuple[Post, ...] = (
    Post(
        "first_talk",
        "rita",
        When(14, 10, 5),
        UpdateKind.CAREER_RESOURCE,
        Audience.EVERYBODY,
        "What happens in a first talk with us",
        "Half an hour, no riddles. What we ask, what you can ask, and what to say if video is difficult for you.",
        texts.FIRST_TALK,
    ),
    Post(
        "thursday",
        "hugo",
        When(13, 10, 40),
        UpdateKind.TEAM_LIFE,
        Audience.MEMBERS,
        "A Thursday with the platform team",
        "Show and tell, a queue that would not empty, and soup: an ordinary day from the inside.",
        texts.THURSDAY,
    ),
    Post(
        "behind",
        "hugo",
        When(10, 9, 40),
        UpdateKind.TEAM_LIFE,
        Audience.EVERYBODY,
        "Behind the role: Senior Backend Engineer",
        "What this work is really like, written by the person you would report to.",
        texts.BEHIND,
    ),
    Post(
        "moving",
        "rita",
        When(8, 11, 10),
        UpdateKind.COMPANY_NEWS,
        Audience.MEMBERS,
        "We move one street further in spring",
        "A new office with a wider door, windows in the meeting rooms, and the same tram stop.",
        texts.MOVING,
        withdrawn=Withdrawn(
            When(7, 9, 30),
            "I wrote this too early: the lease is not signed yet. You hear from me again when it is. Rita",
        ),
    ),
    Post(
        "pay",
        "rita",
        When(7, 10, 20),
        UpdateKind.PAY_BANDS,
        Audience.EVERYBODY,
        "What we pay, role by role",
        "The range of every role that is open to everybody, and how we decide where in it somebody begins.",
        texts.PAY,
        source="The openings on this site, as they were published",
        corrected=Corrected(
            When(5, 9, 50),
            "What Customer Success Managers get on top of their pay was missing.",
            f"| {texts.SUCCESS.title} | {texts.SUCCESS_PAY} |",
            f"| {texts.SUCCESS.title} | {texts.SUCCESS_PAY}, {texts.SUCCESS.pay.note} |",
        ),
    ),
    Post(
        "old_code",
        "hugo",
        When(6, 10, 10),
        UpdateKind.CAREER_RESOURCE,
        Audience.EVERYBODY,
        "Reading old code without fear",
        "Five habits that helped us, and one that did not.",
        texts.OLD_CODE,
    ),
    Post(
        "evening",
        "rita",
        When(5, 11, 30),
        UpdateKind.EVENT,
        Audience.AREAS,
        "An evening about queues, on screens and at counters",
        "Two short talks, soup, and a lot of time to ask. In Warsaw or by video.",
        texts.EVENING,
        areas=("data", "engineering"),
        event_in=8,
        event_where="18:00 to 20:00 in Warsaw, at our office in Mokotów, or by video",
    ),
    Post(
        "last_two",
        "rita",
        When(2, 11, 15),
        UpdateKind.MEMBER_STORY,
        Audience.MEMBERS,
        "One of the last two",
        "Silas Berg was not chosen for a role here. He tells what he would do again, and what he would not.",
        texts.LAST_TWO,
        story_of="silas@demo.example",
        asked=When(3, 9, 30),
        agreed=When(3, 18, 40),
    ),
    Post(
        "calendar",
        "hugo",
        When(1, 10, 15),
        UpdateKind.TEAM_LIFE,
        Audience.SEGMENT,
        "What moving the calendar has taught us so far",
        "For those who build what nobody sees: three things we got wrong in a new data model.",
        texts.CALENDAR,
    ),
    Post(
        "hiring",
        "rita",
        When(1, 16, 5),
        UpdateKind.COMPANY_NEWS,
        Audience.EVERYBODY,
        "Who we are looking for, and what happens after you apply",
        "The roles that are open, who reads what you send, and when you hear from us.",
        texts.HIRING,
        paused=When(1, 16, 25),
    ),
    Post(
        "ahead",
        "rita",
        When(-3, 10),
        UpdateKind.COMPANY_NEWS,
        Audience.EVERYBODY,
        "You get our questions two days before",
        "Why we send the questions of an interview ahead, and what stays as it was.",
        texts.AHEAD,
    ),
    Post(
        "reliability",
        "hugo",
        When(1, 14, 30),
        UpdateKind.TEAM_LIFE,
        Audience.EVERYBODY,
        "Behind the role: Site Reliability Engineer",
        "",
        texts.RELIABILITY,
        is_draft=True,
    ),
)

#: The segment of the one that is not for everybody.
SEGMENT = "Backend in Warsaw or remote"


class Read(NamedTuple):
    """Somebody read an update on its page, and found that it helped or did not say."""

    when: When
    email: str
    key: str
    is_helpful: bool = False


_ADA = "ada@demo.example"
#: Ada reads in the evening, what has gathered; what came yesterday morning for people like her waits.
READ: tuple[Read, ...] = (
    Read(When(14, 18, 20), "marta.zielinska@example.org", "first_talk", is_helpful=True),
    Read(When(13, 12, 30), "ingrid.solheim@example.org", "first_talk"),
    Read(When(13, 19, 5), "wei.tan@example.org", "thursday"),
    Read(When(10, 12, 10), "piotr.mazur@example.org", "behind", is_helpful=True),
    Read(When(10, 17, 45), "marta.zielinska@example.org", "behind", is_helpful=True),
    Read(When(9, 8, 20), "aiko.tanabe@example.org", "behind", is_helpful=True),
    Read(When(9, 12, 40), "ruby.anand@example.org", "behind"),
    Read(When(9, 6, 30), "wei.tan@example.org", "behind"),
    Read(When(8, 18, 10), "tomas.ferreira@example.org", "behind", is_helpful=True),
    Read(When(8, 18, 25), "tomas.ferreira@example.org", "thursday"),
    Read(When(7, 17, 20), "daniel.okoye@example.org", "behind", is_helpful=True),
    Read(When(7, 17, 35), "daniel.okoye@example.org", "pay", is_helpful=True),
    Read(When(7, 20, 5), "ingrid.solheim@example.org", "pay", is_helpful=True),
    Read(When(6, 18, 40), "marta.zielinska@example.org", "pay"),
    Read(When(6, 19, 15), "tomas.ferreira@example.org", "pay", is_helpful=True),
    Read(When(11, 12, 10), "piotr.mazur@example.org", "first_talk"),
    Read(When(11, 8, 40), "aiko.tanabe@example.org", "first_talk"),
    Read(When(12, 17, 30), "ruby.anand@example.org", "first_talk"),
    Read(When(1, 20, 10), "silas@demo.example", "last_two"),
    Read(When(8, 20, 30), _ADA, "moving"),
    Read(When(8, 20, 40), _ADA, "first_talk"),
    Read(When(8, 20, 50), _ADA, "thursday", is_helpful=True),
    Read(When(8, 21, 10), _ADA, "behind", is_helpful=True),
    Read(When(2, 20, 45), _ADA, "pay", is_helpful=True),
    Read(When(2, 21, 0), _ADA, "old_code"),
    Read(When(2, 21, 15), _ADA, "evening"),
    Read(When(1, 21, 5), _ADA, "last_two", is_helpful=True),
    Read(When(1, 21, 15), _ADA, "hiring"),
    Read(When(8, 12, 55), "marta.zielinska@example.org", "moving"),
    Read(When(7, 12, 5), "piotr.mazur@example.org", "pay", is_helpful=True),
    Read(When(6, 12, 20), "marta.zielinska@example.org", "old_code", is_helpful=True),
    Read(When(5, 13, 10), "aiko.tanabe@example.org", "old_code", is_helpful=True),
    Read(When(4, 12, 15), "marta.zielinska@example.org", "evening", is_helpful=True),
    Read(When(2, 13, 30), "piotr.mazur@example.org", "last_two", is_helpful=True),
    Read(When(1, 12, 25), "marta.zielinska@example.org", "calendar", is_helpful=True),
    Read(When(1, 19, 40), "piotr.mazur@example.org", "hiring"),
)

#: Somebody wrote back to the author of this, and Rita answered.
REPLIED_TO = "behind"
REPLIED_BY = "piotr.mazur@example.org"
REPLIED, ANSWERED = When(10, 19, 20), When(9, 10, 30)
REPLY = (
    "Thank you for the part about reading more than writing. That was my last year, and nobody had told me before. "
    "One question: does somebody new take part in being on call from the first week?"
)
ANSWER = (
    "I asked Hugo, and the answer is no, Piotr. For the first three months you are on call beside somebody who knows "
    "the system, and never alone. After that it is one week in seven."
)

#: Somebody who had enough mail of this kind, by the link in the one that they had just read.
STOPPED_BY, STOPPED_AFTER, STOPPED = "wei.tan@example.org", "behind", When(9, 6, 50)
#: Nothing reaches this address since the mail about this.
BOUNCED, BOUNCED_AFTER = "grace.mwangi@example.org", "behind"
