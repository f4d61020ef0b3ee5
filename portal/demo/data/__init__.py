"""The people, openings and letters of the demo; nobody in it is real."""

from typing import NamedTuple

from portal.community.rules import Availability, PayWish, Profile
from portal.community.states import Industry, Notice, PayPeriod, Seniority, WhenFree, WorkMode

#: address, name, role, line that candidates read, and what `make run` prints of the account.
STAFF = (
    ("rita@demo.example", "Rita Sander", "recruiter", "Recruiter, engineering and design", "a recruiter"),
    ("hugo@demo.example", "Hugo Lindqvist", "hiring-manager", "Leads the platform team", "a hiring manager"),
    ("admin@demo.example", "Alma Reyes", "admin", "Head of people", "an admin"),
    ("omar@demo.example", "Omar Haddad", "recruiter", "Recruiter, finance and customer teams", "another recruiter"),
    ("lena@demo.example", "Lena Walczak", "hiring-manager", "Leads finance and partnerships", "another hiring manager"),
)


class Portrait(NamedTuple):
    """The colours of somebody, and whether their hair falls to the shoulders."""

    background: str
    skin: str
    hair: str
    clothes: str
    has_long_hair: bool


class DemoWishes(NamedTuple):
    """What a candidate of the demo looks for."""

    areas: tuple[str, ...]
    skills: tuple[str, ...]
    places: tuple[str, ...]
    career_stage: str
    profile: Profile = Profile()
    modes: tuple[WorkMode, ...] = (WorkMode.REMOTE, WorkMode.HYBRID)


#: Days ago, and what they agreed to; Silas and Ada were members before they applied.
JOINED: dict[str, tuple[int, tuple[str, ...]]] = {
    "ada@demo.example": (26, ("insider_updates", "job_alerts")),
    "silas@demo.example": (214, ("job_alerts", "check_ins")),
    "nora@demo.example": (1, ("insider_updates", "job_alerts")),
}
#: Who reads what is new in one mail a week.
WEEKLY_READERS = ("ada@demo.example", "nora@demo.example")
WISHES = {
    "ada@demo.example": DemoWishes(
        ("engineering", "data"),
        ("Python", "PostgreSQL", "Kubernetes", "Technical writing"),
        ("Warsaw, Poland", "Lisbon, Portugal"),
        "actively_looking",
        Profile(
            seniority=Seniority.SENIOR,
            industries=(Industry.HEALTH, Industry.SOFTWARE),
            availability=Availability(WhenFree.AFTER_NOTICE, notice=Notice.ONE_MONTH),
            pay=PayWish(76_000, "EUR", PayPeriod.YEAR),
            three_years="Leading a small team, and still writing code on most days. I would like to have taught "
            "somebody the craft from the beginning.",
            proud_of="Moving a clinic's booking system to new tables in one afternoon, while people were booking. The "
            "notes on it are among my links, with what went wrong.",
            links=("https://ada.example/notes/no-night-of-downtime", "https://ada.example/talks"),
            education="Mathematics, University of Lagos\nSoftware engineering, Warsaw University of Technology",
            motivates="Software that somebody needs on a bad day.",
            worries="Being on call every other week again. I have done it for four years, and it was too long.",
        ),
    ),
    "silas@demo.example": DemoWishes(("engineering",), ("Java", "Python"), ("Copenhagen, Denmark",), "open_to_it"),
}
CANDIDATES = (
    ("ada@demo.example", "Ada Nwosu", "a candidate with an open application"),
    ("silas@demo.example", "Silas Berg", "a silver medalist: not this time, and not yet"),
    ("nora@demo.example", "Nora Lindgren", "a new member, nothing yet"),
)

INTRODUCTION = (
    "Kindred makes software for community clinics, so that nurses and doctors have more time for people. "
    "We work in Warsaw, and from wherever home is."
)
TEAM = (
    "We work in small teams that decide for themselves. Nobody is asked to answer after six, and every meeting has "
    "notes for those who were not there.\n\n"
    "When you apply here, a person reads what you sent and writes back to you. You know their name from the first day."
)
#: Whose public holidays count.
COUNTRY = "PL"

#: How to say their name, school, talks (one a line), by the first part of their addresses.
PROFILES = {
    "rita": ("REE-tah SAHN-der", "Psychology, Utrecht", "Interviews without riddles, Warsaw 2025"),
    "hugo": (
        "HOO-go LIND-kvist",
        "Computer science, Uppsala",
        "A year without a deployment night, PyCon Sweden 2024\nWhat a queue owes its readers, Gothenburg 2025",
    ),
    "admin": ("AL-ma RAY-es", "Law, Salamanca", ""),
    "omar": ("OH-mar had-DAHD", "Economics, Beirut", ""),
    "lena": ("LEH-na vahl-CHAHK", "", "Numbers for people who fear numbers, Kraków 2025"),
}
PORTRAITS = {
    "rita": Portrait("#d9ebe6", "#e3b391", "#5b3522", "#1f6f63", True),
    "hugo": Portrait("#e6e2f2", "#f0cdb4", "#c79a58", "#3b4a7a", False),
    "lena": Portrait("#f6e3d4", "#eac3a2", "#2e2a2b", "#9a4b3c", True),
}

#: Somebody who has left since: address, name, role.
LEFT = ("milan@demo.example", "Milan Horvat", "recruiter")
MILAN_NOTE = "Read all of them. Milan had written to nobody yet, so each hears from me with their first letter."
LOST_LETTER = (
    "A short word in between: the team has read your application twice and would like to know more about your last "
    "project. I will ask you about it in my next letter. Nothing is decided yet, and nothing has been ruled out."
)
REFUSAL = "5.1.1 The mailbox you tried to reach does not exist"
RUNG_NOTE = (
    "Rang her: she has changed her address and will sign in with the new one. Told her all that was in the letter."
)

LIST_HEADERS = ("Name", "Email", "Job title", "Stage", "Applied on")
LIST_ROWS = (
    ("Ewa Lis", "ewa.lis@example.org", "Site Reliability Engineer", "Application Review"),
    ("Tomasz Bąk", "tomasz.bak@example.org", "Site Reliability Engineer", "Had a chat"),
    ("Iga Nowicka", "iga.nowicka@example.org", "Product Designer", "Had a chat"),
)

FIRST_NAMES = (
    "Priya Zoë Ngozi Fatima Łukasz Elif Wei Mateo Sofia Håkon Amara Björn Kofi Yuki Chloé Ivan Siobhán Tomáš Lucía "
    "José Noor Dmitri Ayşe Lars Olu Mária Ravi Jonas Ana-Maria Thandiwe Mehmet Ingrid Paweł Aoife Hiroshi Leila "
    "Samuel Grace Oksana Rafael Hanna Idris Marta Viktor Nia Emeka"
).split()
LAST_NAMES = (
    "Müller Ström Demir Okafor Novák Silva Zhang Álvarez Rossi Kowalczyk Mensah Horváth Nakamura Dubois Olsen Byrne "
    "Haddad Wiśniewski Fernández Eze Raman Hansen Iyer Petrov Yılmaz Lindqvist Osei Nguyễn Moreau Kaya Schmidt "
    "Costa Adeyemi Sato Murphy Bianchi Popescu Jensen Marín Walczak"
).split()


class DemoOpening(NamedTuple):
    """An opening of the demo: its id in the earlier system, title, recruiter and hiring manager by first name."""

    external_id: str
    title: str
    recruiter: str
    manager: str


OPENINGS = (
    DemoOpening("41001", "Senior Backend Engineer", "rita", "hugo"),
    DemoOpening("41002", "Product Designer", "rita", "hugo"),
    DemoOpening("41003", "Data Analyst, Finance", "omar", "lena"),
    DemoOpening("41004", "Customer Success Manager", "omar", "lena"),
    DemoOpening("41005", "Site Reliability Engineer", "milan", "hugo"),
    DemoOpening("41006", "Clinic Partnerships Lead", "omar", "lena"),
)

#: Stage in the earlier system and how many of a hundred open applications stand there.
STAGES = (
    ("Application Review", 42),
    ("Recruiter Screen", 18),
    ("Technical Interview", 14),
    ("Hiring Manager Interview", 10),
    ("Reference Check", 8),
    ("Offer", 3),
    ("Holding – Q1", 5),
)
#: What the second system calls two of our openings: one is ours by its title, of the other somebody has to say so.
LEVER_POSTINGS = ("Integration Engineer", "Implementation Consultant", "Office Manager (Lisbon)")
STAGE_STATUS = {
    "Application Review": "in_review",
    "Recruiter Screen": "interviewing",
    "Technical Interview": "interviewing",
    "Hiring Manager Interview": "interviewing",
    "Reference Check": "decision_pending",
    "Offer": "offer_made",
}
END_REASONS = (
    ("Rejected", "Lacking skill(s)/qualification(s)"),
    ("Rejected", "Hired other candidate"),
    ("Rejected", "Position closed"),
    ("Withdrawn", "Withdrew - another offer"),
    ("Hired", ""),
)
REASON_STATUS = {
    "Lacking skill(s)/qualification(s)": "not_selected",
    "Hired other candidate": "not_selected",
    "Position closed": "opening_cancelled",
    "Withdrew - another offer": "withdrawn",
}
LEVER_HEADERS = (
    "Opportunity ID",
    "First Name",
    "Last Name",
    "Email Address",
    "Posting Title",
    "Stage",
    "Archive Reason",
    "Created At",
    "Last Interaction At",
)
LEVER_STAGES = (
    ("New applicant", ""),
    ("Recruiter Screen", ""),
    ("On-site day", ""),
    ("Offer", ""),
    ("Recruiter Screen", "Underqualified"),
    ("On-site day", "Hired"),
)


class News(NamedTuple):
    """What the earlier system says of some in its newest export: of how many, who stand so here."""

    standing: str
    #: Empty: as before.
    stage: str
    status: str
    reason: str
    people_count: int


NEWS = (
    News("in_review", "Recruiter Screen", "Active", "", 2),
    News("interviewing", "Reference Check", "Active", "", 1),
    News("in_review", "", "Rejected", "Hired other candidate", 1),
    News("interviewing", "", "Rejected", "Lacking skill(s)/qualification(s)", 1),
)
CHANNELS = ("Careers page", "LinkedIn", "Referral", "Community", "")


class Letter(NamedTuple):
    """Something a recruiter wrote: the status after it, the words, how many working days until the next word."""

    status: str
    words: str
    days: int


LETTERS = (
    Letter(
        "in_review",
        "Thank you for applying. I have read your application today and passed it on to the team you would work with. "
        "They read in the order in which applications came in, and yours is near the top.",
        5,
    ),
    Letter(
        "interviewing",
        "The team would like to talk with you. It is a conversation of 45 minutes about work you are proud of and work "
        "that went wrong. I will write again with times to choose from.",
        3,
    ),
    Letter(
        "in_review",
        "Two people have read your application and a third will do so this week. There is no news yet, and that says "
        "nothing about how it will go.",
        5,
    ),
    Letter(
        "decision_pending",
        "Thank you for the time you gave us on Monday. Everybody you met has written down what they heard. We now sit "
        "together and decide; I will write to you myself, whatever we decide.",
        4,
    ),
)

OFFER_LETTER = Letter(
    "offer_made",
    "We would like to work with you. The offer is in the letter that I sent you this morning by post and by mail. Read "
    "it in peace, show it to whom you like, and call me about anything in it.",
    6,
)

ADA_LETTERS = (
    Letter(
        "in_review",
        "Thank you for your application, Ada.\n\nI liked your notes on moving a clinic's booking system without a night "
        "of downtime. I have given them to Hugo, who leads the team you would join. He reads everything himself.",
        5,
    ),
    Letter(
        "interviewing",
        "Good news: Hugo and Lena would like to talk with you.\n\nIt is 45 minutes by video. Hugo asks about one system "
        "you built and would build differently today. Lena asks how you explain hard things to people who are not "
        "engineers. There is no test and no riddle.\n\nI will send you three times to choose from.",
        4,
    ),
)

SILAS_LETTER = Letter(
    "decision_pending",
    "Thank you for the time you gave us, Silas.\n\nYou have met everybody now. Hugo, Lena and I sit together with what "
    "each of us wrote down, and decide between the last two. You hear from me myself, whatever we decide.",
    4,
)
#: Stands between the words that a "not yet" begins with and the days on which he hears again.
SILAS_ENDING = (
    "The reason is narrow: the team needs someone now who has run hospital integrations before.\n\nWhat was "
    "strong: you found the fault in our own data model within ten minutes, and you said plainly what you did not know. "
    "Hugo has asked me to write to you first when the next backend role opens."
)
SILAS_MEDAL = (
    "One of the last two. Found the fault in our data model in ten minutes and was pleasant about it. Only the hospital "
    "integrations were missing. Hugo would take him for the next backend role without another round."
)

ADA_OFFER = (
    "A written offer from a logistics company in Gdańsk. I like you better, and I would be glad to know where I stand "
    "before I have to answer them."
)

ADA_ASKS = (
    "Hello Rita, thank you for the good news. I use a screen reader for long documents: could Hugo send me what he "
    "wants to talk about as text rather than as slides?"
)
RITA_ANSWERS = (
    "Of course, Ada. Hugo sends you his questions as plain text two days before, and there will be no slides. If "
    "anything else would make the talk easier for you, tell me."
)
ADA_ASKS_AGAIN = (
    "That is kind, thank you. One more thing: is the talk in English, or would Hugo like to try his Polish?"
)
RUNG_WORDS = (
    "We spoke about what a normal week looks like in the team, and about the notice period. You hear from me as soon as "
    "the team has decided."
)
