"""Whom the colleagues of the demo gathered: people without an opening, pools, tags, segments, mail; nobody is real."""

from typing import NamedTuple

from portal.community.states import CareerStage
from portal.contact.states import Purpose
from portal.demo.data.updates import When
from portal.prospects.states import LegalGround, ProspectSource
from portal.segments.states import Field, Operator


class Prospect(NamedTuple):
    """Somebody added by hand, and what came of the one invitation."""

    email: str
    name: str
    author: str
    source: ProspectSource
    source_note: str
    ground: LegalGround
    areas: tuple[str, ...]
    #: Calendar days before today.
    added_days_ago: int
    #: Calendar days before today; 0: nobody has invited them yet.
    invited_days_ago: int = 0
    words: str = ""
    note: str = ""
    #: Pages of theirs that were looked at, and how they were found.
    links: tuple[tuple[str, str], ...] = ()
    #: Their mailbox took the invitation for what it is not.
    is_returned: bool = False
    #: They joined since, so many calendar days before today.
    joined_days_ago: int = 0
    #: A yes that they gave elsewhere: to what, in which words, and where.
    consent: tuple[Purpose, str, str] | None = None


_MEET_UP = "the meet-up “Software for small hospitals” in Warsaw"
PROSPECTS: tuple[Prospect, ...] = (
    Prospect(
        "nadia.hryb@example.org",
        "Nadia Hryb",
        "rita",
        ProspectSource.EVENT,
        _MEET_UP,
        LegalGround.REQUEST,
        ("engineering",),
        1,
        note="Runs the data centre of a hospital group by day. Asked twice whether we have anybody for reliability.",
        links=(("https://nadia-hryb.example/talks/quiet-pagers", "a talk she mentioned at the meet-up"),),
    ),
    Prospect(
        "anselm.brandt@example.org",
        "Anselm Brandt",
        "rita",
        ProspectSource.PUBLIC_PAGE,
        "your article about printing in hospitals",
        LegalGround.INTEREST,
        ("engineering", "product"),
        24,
        24,
        "I read your article about printers on wards twice, the part about labels that survive a shower most of all. "
        "We build software for small clinics, and printing is half of our support calls.\n\nThere is no opening I "
        "could offer you today. If you would like to hear when there is, you can join. If not, you need do nothing.",
        links=(("https://anselm-brandt.example/labels", "a search for label printing on wards"),),
    ),
    Prospect(
        "sunniva.dahl@example.org",
        "Sunniva Dahl",
        "rita",
        ProspectSource.REFERRAL,
        "Jonasz Pawlak, who says that you know of it",
        LegalGround.INTEREST,
        ("design",),
        9,
        6,
        "Jonasz Pawlak showed me your timetable for ferries, the one that fits on a hand. He says that you know he "
        "has given me your name.\n\nWe have a design opening now and there will be others. Joining takes a minute, "
        "and you decide what you hear about.",
    ),
    Prospect(
        "karol.wilk@example.org",
        "Karol Wilk",
        "omar",
        ProspectSource.CONTACT,
        "at our stand at the job fair in Lublin",
        LegalGround.REQUEST,
        ("customer_support",),
        15,
        14,
        "You asked at our stand whether somebody without a degree has a chance with us. Yes. Most of the people who "
        "look after clinics here learned it at a counter, as you did.\n\nIf you join, you hear of the next opening "
        "before it is public.",
        is_returned=True,
    ),
    Prospect(
        "helena.prokop@example.org",
        "Helena Prokop",
        "rita",
        ProspectSource.EVENT,
        _MEET_UP,
        LegalGround.CONSENT,
        ("product",),
        12,
        11,
        "We stood at the same table at the meet-up and did not finish talking about consent forms that nobody reads. "
        "I would like to.\n\nIf you join, I can tell you when we look for somebody who makes them shorter.",
        joined_days_ago=8,
    ),
    Prospect(
        "ismail.toprak@example.org",
        "İsmail Toprak",
        "omar",
        ProspectSource.EARLIER_LIST,
        "the list of our open day last autumn",
        LegalGround.CONSENT,
        ("finance", "data"),
        5,
        consent=(
            Purpose.JOB_ALERTS,
            "Yes, please write to me when Kindred looks for people in finance.",
            "paper form, open day",
        ),
    ),
)


class Tagged(NamedTuple):
    """Tags that a colleague put on somebody."""

    email: str
    author: str
    names: tuple[str, ...]


TAGGED_ON = When(2, 15, 30)
#: Rita writes "Backend", Omar "Back end": one of them has to give way.
TAGGED: tuple[Tagged, ...] = (
    Tagged("marta.zielinska@example.org", "rita", ("Backend", "Knows HL7")),
    Tagged("piotr.mazur@example.org", "omar", ("Back end",)),
    Tagged("tomas.ferreira@example.org", "omar", ("Back end", "Asked about Lisbon")),
    Tagged("aiko.tanabe@example.org", "rita", ("Backend",)),
    Tagged("ingrid.solheim@example.org", "omar", ("Asked about Lisbon",)),
    Tagged("nadia.hryb@example.org", "rita", ("Ask first", "On call by trade")),
)


class Pooled(NamedTuple):
    """A pool, who made it when, until when it is right, and who is in it for which reason."""

    name: str
    purpose: str
    owner: str
    made: When
    #: In so many calendar days from today; 0 and less: somebody has to look at it.
    review_in: int
    people: tuple[tuple[str, tuple[str, ...]], ...]


POOLS: tuple[Pooled, ...] = (
    Pooled(
        "Next backend role",
        "People whom we ask before we publish the next backend role, because they have told us that they would come.",
        "rita",
        When(4, 15),
        80,
        (
            ("Hugo would take him without another round.", ("silas@demo.example",)),
            ("Wrote to Hugo about the calendar move.", ("marta.zielinska@example.org", "tomas.ferreira@example.org")),
        ),
    ),
    Pooled(
        "Night shift panel",
        "People who have worked nights on a ward and look at unfinished screens with us, paid by the hour.",
        "omar",
        When(12, 14),
        -1,
        (
            ("Six years at the front desk of a health centre.", ("beatriz.coelho@example.org",)),
            ("Was a ward clerk for two winters, and writes about it.", ("clara.neumann@example.org",)),
        ),
    ),
    Pooled(
        "Lisbon, when it grows",
        "Members who would work in Lisbon. We write to them first when the office there gets a second room.",
        "rita",
        When(9, 16),
        150,
        (("Asked about Lisbon.", ("tomas.ferreira@example.org", "ingrid.solheim@example.org")),),
    ),
)


class Asked(NamedTuple):
    """One condition of a segment; values as they are typed, or keys of a list."""

    field: Field
    operator: Operator
    values: tuple[str, ...] = ()
    days: int | None = None


class Saved(NamedTuple):
    """A segment that a colleague saved: all of its conditions hold."""

    name: str
    owner: str
    is_shared: bool
    when: When
    asked: tuple[Asked, ...]


_BACKEND = Asked(Field.SKILL, Operator.ANY_OF, ("Python", "Java", "Go", "PostgreSQL"))
_WARSAW = Asked(Field.PLACE, Operator.OR_REMOTE, ("Warsaw, Poland",))
_MEMBER = Asked(Field.MEMBER, Operator.YES)
SEGMENTS: tuple[Saved, ...] = (
    Saved(
        "Backend in Warsaw or remote",
        "rita",
        True,
        When(15, 15),
        (_MEMBER, Asked(Field.AREA, Operator.ANY_OF, ("engineering",)), _BACKEND, _WARSAW),
    ),
    Saved(
        "Passive backend people, not contacted for 90 days",
        "rita",
        False,
        When(6, 16),
        (
            _MEMBER,
            Asked(
                Field.CAREER_STAGE, Operator.ANY_OF, (CareerStage.OPEN_TO_IT.value, CareerStage.NOT_LOOKING_NOW.value)
            ),
            _BACKEND,
            _WARSAW,
            Asked(Field.LAST_CONTACT, Operator.NOT_WITHIN, days=90),
        ),
    ),
    Saved(
        "Would come to an evening",
        "omar",
        True,
        When(11, 15),
        (_MEMBER, Asked(Field.PURPOSE, Operator.ANY_OF, (Purpose.EVENTS.value,))),
    ),
)

#: Whom Rita invited to apply for the opening that members see first, and when.
INVITED, INVITED_AT = "marta.zielinska@example.org", When(1, 13, 20)
INVITATION = (
    "Hello {name},\n\nwe are looking for somebody who connects laboratories with our clinics, and I thought of you "
    "when I wrote it. Have a look at what is hard about it before anything else: you will know better than I do "
    "whether that is your kind of hard.\n\nIf you have a question first, answer this mail."
)
INVITED_WHY = (
    "You told us that you know HL7, and that you like systems that talk to each other without anybody noticing."
)


class Incoming(NamedTuple):
    """A mail that came in."""

    when: When
    email: str
    name: str
    subject: str
    text: str
    #: Whether it answers the newest letter that they had from us.
    is_answer: bool = False
    is_by_machine: bool = False


INCOMING: tuple[Incoming, ...] = (
    Incoming(
        When(1, 18, 50),
        "mira.castellanos@example.org",
        "Mira Castellanos",
        "Re: Your application",
        "Thank you, Rita. One thing that is not in my letter: from the tenth of next month I am away "
        "for a week, without a telephone. If Hugo wants to talk before that, any evening is fine.\n\nMira\n\n"
        "On the day before, Rita Sander wrote:\n> I read about the Tuesdays twice, and Hugo has it now.\n",
        is_answer=True,
    ),
    Incoming(
        When(1, 17, 5),
        "piotr.mazur@example.org",
        "Piotr Mazur",
        "Automatic reply: Who we are looking for",
        "I am out of the office this week, and read my mail when I am back.",
        is_answer=True,
        is_by_machine=True,
    ),
    Incoming(
        When(2, 14, 20),
        "marek.wolny@example.org",
        "Marek Wolny",
        "Do you hire in Gdynia?",
        "Dear team,\n\na friend showed me your page. I look after the computers of two dental practices in Gdynia and "
        "would like to do more of it. Do you have anything in the north, or do I have to move?\n\nMarek Wolny",
    ),
)
