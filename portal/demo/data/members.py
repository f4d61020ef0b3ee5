"""Members of the demo who never applied here: what they look for, and how they want to hear; nobody is real."""

from typing import NamedTuple

from portal.community.rules import Profile
from portal.community.states import Seniority, WorkMode
from portal.contact.states import Purpose, Rhythm
from portal.demo.data import DemoWishes

_NEWS, _JOBS, _EVENTS, _CHECK_INS = Purpose.INSIDER_UPDATES, Purpose.JOB_ALERTS, Purpose.EVENTS, Purpose.CHECK_INS
_REMOTE, _HYBRID, _ON_SITE = WorkMode.REMOTE, WorkMode.HYBRID, WorkMode.ON_SITE


class Member(NamedTuple):
    """Somebody who joined so many days ago, and what they agreed to."""

    email: str
    name: str
    zone: str
    days_ago: int
    purposes: tuple[Purpose, ...]
    wishes: DemoWishes
    rhythms: dict[Purpose, Rhythm]
    #: They asked us to pause, without an end.
    is_paused: bool = False


_AT_ONCE = {_NEWS: Rhythm.AS_IT_HAPPENS}
#: Some of them sleep while we work: what is sent in our afternoon reaches them the next morning.
MEMBERS: tuple[Member, ...] = (
    Member(
        "marta.zielinska@example.org",
        "Marta Zielińska",
        "Europe/Warsaw",
        160,
        (_NEWS, _JOBS, _EVENTS),
        DemoWishes(
            ("engineering",),
            ("Python", "Django", "PostgreSQL", "HL7"),
            ("Warsaw, Poland",),
            "open_to_it",
            Profile(seniority=Seniority.SENIOR, motivates="Systems that talk to each other without anybody noticing."),
        ),
        _AT_ONCE,
    ),
    Member(
        "piotr.mazur@example.org",
        "Piotr Mazur",
        "Europe/Warsaw",
        97,
        (_NEWS, _JOBS),
        DemoWishes(
            ("engineering",),
            ("Python", "FHIR", "Go"),
            ("Warsaw, Poland", "Lublin, Poland"),
            "actively_looking",
            Profile(seniority=Seniority.MID),
        ),
        _AT_ONCE,
    ),
    Member(
        "tomas.ferreira@example.org",
        "Tomás Ferreira",
        "Europe/Lisbon",
        121,
        (_NEWS, _JOBS),
        DemoWishes(("engineering", "data"), ("Java", "PostgreSQL"), ("Lisbon, Portugal",), "not_looking_now"),
        {_NEWS: Rhythm.MONTHLY},
    ),
    Member(
        "daniel.okoye@example.org",
        "Daniel Okoye",
        "Africa/Lagos",
        75,
        (_NEWS, _JOBS, _EVENTS),
        DemoWishes(("data",), ("SQL", "Data analysis"), ("Warsaw, Poland",), "open_to_it"),
        {_NEWS: Rhythm.WEEKLY},
    ),
    Member(
        "ingrid.solheim@example.org",
        "Ingrid Solheim",
        "Europe/Oslo",
        52,
        (_NEWS, _JOBS),
        DemoWishes(
            ("design",),
            ("Figma", "User research"),
            ("Oslo, Norway", "Lisbon, Portugal"),
            "open_to_it",
            modes=(_HYBRID,),
        ),
        {},
    ),
    Member(
        "clara.neumann@example.org",
        "Clara Neumann",
        "Europe/Berlin",
        # Nearly two years, and not a word since: they are asked whether they want to stay.
        705,
        (_NEWS,),
        DemoWishes(("design", "product"), ("User research",), ("Berlin, Germany",), "not_looking_now"),
        {},
        is_paused=True,
    ),
    Member(
        "grace.mwangi@example.org",
        "Grace Mwangi",
        "Africa/Nairobi",
        66,
        (_NEWS, _JOBS),
        DemoWishes(("engineering",), ("Python", "Kubernetes"), ("Nairobi, Kenya",), "open_to_it", modes=(_REMOTE,)),
        _AT_ONCE,
    ),
    Member(
        "aiko.tanabe@example.org",
        "Aiko Tanabe",
        "Asia/Tokyo",
        43,
        (_NEWS,),
        DemoWishes(("engineering",), ("Go", "PostgreSQL"), ("Tokyo, Japan",), "open_to_it", modes=(_REMOTE,)),
        _AT_ONCE,
    ),
    Member(
        "wei.tan@example.org",
        "Wei Tan",
        "Asia/Singapore",
        43,
        (_NEWS,),
        DemoWishes(("customer_support",), ("Customer service",), ("Singapore, Singapore",), "open_to_it"),
        _AT_ONCE,
    ),
    Member(
        "ruby.anand@example.org",
        "Ruby Anand",
        "Australia/Sydney",
        43,
        (_NEWS,),
        DemoWishes(("data",), ("Python", "SQL"), ("Sydney, Australia",), "not_looking_now", modes=(_REMOTE, _ON_SITE)),
        _AT_ONCE,
    ),
    # Wants no mail but a word now and then, and nobody has written one for long.
    Member(
        "hanna.wrona@example.org",
        "Hanna Wrona",
        "Europe/Warsaw",
        231,
        (_CHECK_INS,),
        DemoWishes(
            ("engineering",),
            ("Java", "PostgreSQL"),
            ("Warsaw, Poland",),
            "not_looking_now",
            Profile(seniority=Seniority.SENIOR, motivates="Old systems that still have to work tomorrow."),
        ),
        {},
    ),
)
