"""The guide to empathetic interviews: ten minutes to read, once a year, for people who interview now and then."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from portal.contact.rules import months_after
from portal.core.i18n import lazy_gettext as _l

#: For so many months somebody who has read it need not read it again.
_MONTHS_GOOD: Final = 12


@dataclass(frozen=True)
class Section:
    """A part of the guide: what it is called, what it says in paragraphs, and what it lists below them."""

    key: str
    title: str
    paragraphs: tuple[str, ...]
    points: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reference:
    """Where a fact of the guide comes from."""

    words: str


def is_read(read_at: datetime | None, today: date, zone: str) -> bool:
    """Whether somebody has read it within a year, as the days are counted in the IANA `zone`."""
    return read_at is not None and today < good_until(read_at, zone)


def good_until(read_at: datetime, zone: str) -> date:
    """The day from which on it is time to read it again: the same day a year later."""
    return months_after(read_at.astimezone(ZoneInfo(zone)).date(), _MONTHS_GOOD)


GUIDE: Final[tuple[Section, ...]] = (
    Section(
        "why",
        _l("Why this matters"),
        (
            _l(
                "For you it is an hour between two meetings. For the person across the table it may be the hour they "
                "have thought about all week. They have read about us, chosen what to wear, perhaps taken a day off. "
                "Long after they have forgotten what we asked, they remember how it felt."
            ),
            _l(
                "Being kind does not make an interview softer. People who feel safe show what they can do, and that is "
                "what you came to see. And asking everybody the same questions is the fairest way and the one that "
                "says most about later work: of all that is used to choose people, structured interviews do best [1]."
            ),
        ),
    ),
    Section(
        "before",
        _l("Before"),
        (_l("Ten minutes are enough, if they are before the interview and not during it."),),
        (
            _l("Read what they sent. Nothing says “you do not matter” like asking for what stands on page one."),
            _l("Read the questions they sent ahead, and find the answers."),
            _l("Choose two or three criteria that are yours, and agree with the others who asks about what."),
            _l("Write your questions down, and ask every candidate the same ones, in the same order."),
            _l("Look up how their name is said. If you do not know, ask them, once, and use it."),
            _l("Close your mail, put the telephone away, and be there five minutes early."),
            _l("If you know them, say so on the page of the interview. If you know them well, let somebody else ask."),
        ),
    ),
    Section(
        "first-minute",
        _l("The first minute"),
        (
            _l(
                "Begin with a welcome, not with a test. Say who you are and what you do, in two sentences. Offer a "
                "glass of water, or on video a moment to check that everybody sees and hears. Say what will happen: "
                "how long it takes, what you talk about, that you take notes and why, and that the last part is "
                "theirs. People who know what comes stop guessing and begin to think."
            ),
            _l(
                "Take care with your own first impression. In a study of practice interviews, what interviewers "
                "thought after a few minutes of small talk went along with their verdict at the end [2]. You cannot "
                "switch that off. You can notice it, and keep the verdict for later."
            ),
        ),
    ),
    Section(
        "questions",
        _l("Questions"),
        (
            _l(
                "Ask about what somebody has done rather than what they would do: “Tell me about a time when a plan "
                "did not work. What did you do?” Then go one step deeper, twice: what was hard, what was your part, "
                "what would you do differently. One question at a time. No riddles, no traps, no stress on purpose: "
                "they measure how somebody bears you, not how they work."
            ),
            _l(
                "If an answer goes nowhere, help. “Let me put that differently” costs ten seconds. Somebody who finds "
                "the way after a hint has shown you how they will learn here. If somebody is nervous, say that it is "
                "normal, and ask about a thing they did gladly."
            ),
            _l("If you must interrupt, say why: “I would like to hear about the second project while we have time.”"),
        ),
    ),
    Section(
        "silence",
        _l("Silence"),
        (
            _l(
                "Wait. Count to three after a question, and again after the answer. In classrooms, teachers used to "
                "wait about one second. When they learned to wait three, the answers became longer and better, and "
                "more people spoke up who had been silent [3]. It feels endless to you and like room to them."
            ),
            _l("If somebody asks for a moment to think, thank them. Thinking is what you are hiring."),
        ),
    ),
    Section(
        "notes",
        _l("Notes"),
        (
            _l(
                "Write down what they said and did, not what you made of it: “found the double booking by asking "
                "the night shift”, not “clever”. Say that you are writing, and look up often. On video, say it twice: "
                "typing looks like mail."
            ),
            _l(
                "Write your notes against the criteria within the hour, before you talk to anybody. The page of the "
                "interview shows you the notes of the others once you have saved your own, so that the first voice "
                "does not become everybody’s. Feedback to the candidate is made of your notes: what you did not write "
                "down, nobody can tell them later."
            ),
        ),
    ),
    Section(
        "not-to-ask",
        _l("What not to ask"),
        (
            _l(
                "Some questions are against the law in many places, and all of these are none of our business: they "
                "say nothing about the work. It does not help to ask them kindly, over lunch, or because the candidate "
                "brought it up."
            ),
        ),
        (
            _l("Family, children, plans to have any, pregnancy, partner, who looks after whom."),
            _l(
                "Health, disability, sick days. In Great Britain not before an offer [4]; in the United States the "
                "same [5]. Ask what makes the interview easier, never why."
            ),
            _l("Age, year of birth, the year somebody left school."),
            _l(
                "Where somebody is “really” from, their mother tongue, skin, religion, whom they love, how they vote. "
                "Whether they may work here is for the recruiter to ask, of everybody in the same words."
            ),
            _l("What they earn now or earned before. In the European Union an employer may not ask [6]."),
        ),
    ),
    Section(
        "if-they-tell",
        _l("If they tell you by themselves"),
        (
            _l(
                "“I have two small children” is not a question for you to follow. Thank them, go back to the work, and "
                "write nothing of it down. If they need something from us, such as a break or another room, say who "
                "arranges it, and leave the why to them."
            ),
        ),
    ),
    Section(
        "their-questions",
        _l("Time for their questions"),
        (
            _l(
                "They choose, too. Keep a fifth of the time for their questions, ten minutes at least, and keep it "
                "even when you are not through with yours. Begin with what they sent ahead. Answer honestly: what is "
                "hard here, why somebody left, what is not decided. An honest “I do not know, I will find out” is "
                "better than a fine sentence, if you then do."
            ),
            _l(
                "If they say that they have no questions, ask one for them: “What would you want to know if you were "
                "to begin on Monday?”"
            ),
        ),
    ),
    Section(
        "ending",
        _l("What happens next"),
        (
            _l(
                "Say it, with a day. The page of the interview shows by when they hear from us: say exactly that date. "
                "Do not hint at the result, in either direction: “we will be in touch very soon” and a warm look are a "
                "promise to somebody who hopes. Thank them for the time, say who brings them out or ends the call, and "
                "end when you said you would."
            ),
        ),
    ),
    Section(
        "after",
        _l("Afterwards"),
        (
            _l(
                "Save your notes. Say that it took place, or that it did not: if we were late or missed it, we say "
                "sorry the same day, without reasons. If you promised to find something out, send it to the recruiter "
                "today."
            ),
            _l(
                "Then ask yourself two things. Did I judge the work, or how much they are like me? And would they, if "
                "the answer is no, still say that they were treated well? Whoever was interviewed here and is not "
                "chosen is owed feedback within seven days. It takes you a quarter of an hour, and it is often the "
                "only honest word about their work that somebody gets all year."
            ),
        ),
    ),
)

REFERENCES: Final[tuple[Reference, ...]] = (
    Reference(
        _l(
            "Sackett, P. R., Zhang, C., Berry, C. M., Lievens, F. (2022): Revisiting meta-analytic estimates of "
            "validity in personnel selection. Journal of Applied Psychology 107 (11)."
        )
    ),
    Reference(
        _l(
            "Barrick, M. R., Swider, B. W., Stewart, G. L. (2010): Initial evaluations in the interview: relationships "
            "with subsequent interviewer evaluations and employment offers. Journal of Applied Psychology 95 (6)."
        )
    ),
    Reference(
        _l(
            "Rowe, M. B. (1986): Wait time: slowing down may be a way of speeding up. Journal of Teacher Education "
            "37 (1)."
        )
    ),
    Reference(_l("Equality Act 2010, section 60 (England, Scotland, Wales).")),
    Reference(_l("Americans with Disabilities Act, 42 U.S.C. § 12112(d)(2).")),
    Reference(
        _l("Directive (EU) 2023/970 on pay transparency, article 5(2), to be law in every member state by 7 June 2026.")
    ),
)
