"""What the openings of the demo say; nothing in it is a real offer."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from portal.community.states import WorkMode
from portal.company.rules import WorkCalendar
from portal.company.states import FeedbackWay
from portal.openings.rules import OpeningContent, Pay, Place, Question, Stage
from portal.openings.states import Employment, PayPeriod, QuestionKind, Seniority

#: As the form keeps what is chosen there: a test looks them up.
_WARSAW = Place("geonames:756135", "Warsaw, Poland")
_LISBON = Place("geonames:2267057", "Lisbon, Portugal")
_FLEXIBLE = (WorkMode.REMOTE, WorkMode.HYBRID)

_NO_AI = "No machine reads, sorts or scores what you send. Two people read every application, and they decide."

_TALK = Stage(
    "First talk",
    "We tell you about the work and you tell us what you look for. You ask at least as much as we do.",
    "Your recruiter",
    "30 minutes by video",
    "interviewing",
)
_READING = Stage(
    "We read it",
    "Two people of the team read what you sent, each for themselves, and then compare notes.",
    "Two people you would work with",
    "Up to 10 working days",
    "in_review",
)
_TEAM_DAY = Stage(
    "Meet the team",
    "You meet the people you would work with and talk about one thing you built and one that went wrong.",
    "Your hiring manager and two colleagues",
    "Two hours, in Warsaw or by video",
    "interviewing",
)
_DECIDING = Stage(
    "We decide",
    "Everybody who met you writes down what they heard before they talk about it. You get an answer either way.",
    "Your hiring manager and recruiter",
    "Up to 5 working days",
    "decision_pending",
)
_WAY = (_READING, _TALK, _TEAM_DAY, _DECIDING)

_OFFERED = (
    "- 28 days off, and the last week of the year\n"
    "- A budget of 1,500 EUR a year for learning, spent as you think best\n"
    "- A laptop and a desk that fit you, wherever you work\n"
)


@dataclass(frozen=True)
class Written:
    """What one opening of the demo says, how many working days ago it was published, and for whom first."""

    content: OpeningContent
    published_days_ago: int
    #: Days from today until a decision is expected.
    decides_in: int
    early_days: int = 0

    def on(self, today: date, calendar: WorkCalendar) -> OpeningContent:
        """The content with its day, seen from `today`: the last one worked in the week in which we mean to decide."""
        decides = today + timedelta(days=self.decides_in)
        day = decides + timedelta(days=4 - decides.weekday())
        while not calendar.is_working_day(day):
            day -= timedelta(days=1)
        return replace(self.content, decision_by=day)


def _pay(lowest: int, highest: int, note: str = "") -> Pay:
    return Pay(Decimal(lowest), Decimal(highest), "EUR", note=note)


_WHY = Question(
    "why",
    "What would you like to be different in your next work?",
    "A few sentences are enough. There is no right answer.",
    QuestionKind.LONG_TEXT,
    (),
    is_required=False,
)
_PLACE = Question(
    "place",
    "On which days would you be in the office?",
    "",
    QuestionKind.SINGLE_CHOICE,
    ("Two or three a week", "All of them", "We would have to talk about it"),
    is_required=True,
)

_BACKEND = OpeningContent(
    title="Senior Backend Engineer",
    summary="Build the part of our software that clinics book, bill and plan with, in Python, so that it never gets "
    "in a nurse's way.",
    area="engineering",
    seniority=Seniority.SENIOR,
    employment=Employment.FULL_TIME,
    places=(_WARSAW,),
    work_modes=_FLEXIBLE,
    work="You look after the services behind bookings: 140 clinics use them, most of them between 7 and 9 in the "
    "morning.\n\nIn the first months you would\n\n- move the calendar of 20 clinics to the new data model, with them "
    "and without a night of downtime\n- make the morning peak boring: today a page takes 900 ms, it should take 200\n"
    "- read and write a lot of Python and SQL, and some Go",
    needed="- You have run something that people depend on, and been there when it broke\n- You write so that others "
    "understand it a year later\n- Python or a language near it, and a relational database",
    team="Seven people, two of them in Lisbon. We plan on Mondays, show what we have on Thursdays, and nobody is on "
    "call two weeks in a row. Decisions are written down, so that you can disagree with them later.",
    hard="Half of the code is nine years old and has no tests where you want them. Clinics cannot stop for us, so "
    "every change happens while they work. You will say no to good ideas more often than you like.",
    offered=_OFFERED,
    pay=_pay(68_000, 84_000, "the same for everybody with the same experience, wherever they live"),
    is_pool=False,
    is_ai_used=False,
    ai_words=_NO_AI,
    stages=_WAY,
    questions=(_WHY,),
)
_DESIGNER = OpeningContent(
    title="Product Designer",
    summary="Design screens that a nurse can use with one hand, at the end of a night shift.",
    area="design",
    seniority=Seniority.MID,
    employment=Employment.FULL_TIME,
    places=(_WARSAW, _LISBON),
    work_modes=(WorkMode.HYBRID, WorkMode.ON_SITE),
    work="You spend a day every two weeks in a clinic and watch. Then you draw, try it with the people you watched, "
    "and see it through with the engineers until it is in use.",
    needed="- Work that you can show and explain, also work that failed\n- You draw for touch, keyboard and screen "
    "readers alike\n- Polish or Portuguese helps in the clinics; English is enough in the office",
    team="Three designers and two researchers, who sit with the engineers they work with. Once a week all five look at "
    "each other's unfinished work.",
    hard="Much of what clinics need is dull: forms, lists, print-outs. Rules about medical data take away the "
    "elegant way about once a week. And people will tell you that they liked the old screen better.",
    offered=_OFFERED,
    pay=_pay(48_000, 60_000),
    is_pool=False,
    is_ai_used=False,
    ai_words=_NO_AI,
    stages=_WAY,
    questions=(_PLACE, _WHY),
)
_ANALYST = OpeningContent(
    title="Data Analyst, Finance",
    summary="Find out what a clinic really costs, and say it so that its head nurse understands.",
    area="data",
    seniority=Seniority.MID,
    employment=Employment.FULL_TIME,
    places=(_WARSAW,),
    work_modes=_FLEXIBLE,
    work="You answer questions that nobody can answer today: what an appointment costs that nobody comes to, or why "
    "two clinics of one size need different staff. You own the numbers that go to the board each month.",
    needed="- SQL in your sleep, and doubt about every number that looks too good\n- You have changed somebody's mind "
    "with a chart, and had yours changed",
    team="You would be the second analyst, with a controller and an accountant. Lena leads the team and answers within "
    "the hour.",
    hard="The data of 140 clinics comes in 140 ways. The month's end is the month's end: three days that are long.",
    offered=_OFFERED,
    pay=_pay(42_000, 54_000),
    is_pool=False,
    is_ai_used=False,
    ai_words=_NO_AI,
    stages=_WAY,
)
_SUCCESS = OpeningContent(
    title="Customer Success Manager",
    summary="Be the person that 25 clinics ring first, and the one who tells us what they need.",
    area="customer_support",
    seniority=Seniority.JUNIOR,
    employment=Employment.FULL_TIME,
    places=(_WARSAW, _LISBON),
    work_modes=(WorkMode.HYBRID,),
    work="You bring new clinics on board, visit each of yours twice a year, and turn what you hear into something that "
    "engineers can build.",
    needed="- You have worked with people who had no time for you, and won them over\n- You write clearly in English "
    "and speak Polish or Portuguese",
    team="Six people in two cities. Whoever is away is really away: each clinic knows two of us.",
    hard="On a bad morning you are the voice of software that does not work. You cannot fix it yourself, and you will "
    "still be the one they ask.",
    offered=_OFFERED,
    pay=_pay(34_000, 42_000, "and 10 per cent when your clinics stay"),
    is_pool=False,
    is_ai_used=False,
    ai_words=_NO_AI,
    stages=(_READING, _TALK, _DECIDING),
    feedback=FeedbackWay.TELEPHONE,
    questions=(
        Question("polish", "Do you speak Polish or Portuguese?", "", QuestionKind.YES_NO, (), is_required=True),
    ),
)
_PARTNERS = OpeningContent(
    title="Clinic Partnerships Lead",
    summary="Win the next 60 clinics, by being honest about which ones we cannot help yet.",
    area="sales",
    seniority=Seniority.LEAD,
    employment=Employment.FULL_TIME,
    places=(_WARSAW,),
    work_modes=(WorkMode.HYBRID,),
    work="You build the team that talks with clinics before they are ours: two people now, five by next summer.",
    needed="- You have built a small team and kept it together\n- You know how public health care buys, or learn it "
    "fast",
    team="Partnerships, customer success and finance sit in one room and eat lunch at one table.",
    hard="A clinic takes nine months to decide, and half of them decide not to. There is no commission, so nobody is "
    "paid to promise too much.",
    offered=_OFFERED,
    pay=_pay(62_000, 78_000),
    is_pool=False,
    is_ai_used=False,
    ai_words=_NO_AI,
    stages=_WAY,
)
_INTEGRATION = OpeningContent(
    title="Integration Engineer",
    summary="Connect laboratories and hospitals with our clinics, so that a result arrives before the patient does.",
    area="engineering",
    seniority=Seniority.MID,
    employment=Employment.FULL_TIME,
    places=(_WARSAW, _LISBON),
    work_modes=(WorkMode.REMOTE, WorkMode.HYBRID),
    work="You build and look after the lines to 30 laboratories. Some speak modern standards, some send files at "
    "night. You talk with their engineers yourself.",
    needed="- Python, queues, and patience with other people's formats\n- HL7 or FHIR is good to have, and can be "
    "learned here",
    team="Four people around Hugo. Every line has two who know it, and a page that says what to do when it stops.",
    hard="When a line breaks, it is often not ours, and it is still ours to mend. Test systems of hospitals are down "
    "when you need them.",
    offered=_OFFERED,
    pay=_pay(58_000, 72_000),
    is_pool=False,
    is_ai_used=False,
    ai_words=_NO_AI,
    stages=_WAY,
    questions=(_WHY,),
)
_OFFICE = OpeningContent(
    title="Office Manager, Lisbon",
    summary="Make twelve people and their guests feel at home in our small office by the river.",
    area="administration",
    seniority=Seniority.MID,
    employment=Employment.PART_TIME,
    places=(_LISBON,),
    work_modes=(WorkMode.ON_SITE,),
    work="You run the office, its budget and its days for guests.",
    needed="- You notice what is missing before others do",
    team="Twelve people in Lisbon, and Alma in Warsaw, who is a call away.",
    hard="Everything lands on your desk, and half of it is nobody's job.",
    offered=_OFFERED,
    pay=Pay(Decimal(1_450), Decimal(1_700), "EUR", PayPeriod.MONTH),
    is_pool=False,
    is_ai_used=False,
    ai_words=_NO_AI,
    stages=(_READING, _TALK, _DECIDING),
)

#: By the id in the earlier system; Site Reliability Engineer is not written yet.
OF_THE_IMPORT: dict[str, Written] = {
    "41001": Written(_BACKEND, 15, 20),
    "41002": Written(_DESIGNER, 14, 25),
    "41003": Written(_ANALYST, 13, 18),
    "41004": Written(_SUCCESS, 10, 30),
    "41006": Written(_PARTNERS, 8, 35),
}
#: Written here: members whose interests match see it first.
EARLY = Written(_INTEGRATION, 1, 40, early_days=4)
#: Nobody applies any more.
CLOSED = Written(_OFFICE, 12, 10)
