"""What an opening says: its words, its pay, its stages and its questions, as one frozen value."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from portal.community.states import WorkMode
from portal.company.states import FeedbackWay
from portal.openings.states import Employment, PayPeriod, QuestionKind, Seniority


@dataclass(frozen=True)
class Place:
    """Where the work is: the key of the taxonomy of places (empty for one it does not know) and the label shown."""

    key: str
    label: str


@dataclass(frozen=True)
class Pay:
    """What the work is paid, before tax."""

    lowest: Decimal | None = None
    highest: Decimal | None = None
    #: ISO 4217.
    currency: str = ""
    period: PayPeriod = PayPeriod.YEAR
    #: For example "and a yearly bonus of up to 10 per cent".
    note: str = ""


@dataclass(frozen=True)
class Stage:
    """One step of the way, as candidates read it."""

    name: str
    what_happens: str
    with_whom: str
    how_long: str
    #: What a candidate's page says while they are in it: a key of `company.states.PACE_LABELS`.
    status: str = "in_review"


@dataclass(frozen=True)
class Question:
    """Something that is asked of those who apply; `id` stays the same from version to version."""

    id: str
    words: str
    help: str = ""
    kind: QuestionKind = QuestionKind.LONG_TEXT
    choices: tuple[str, ...] = ()
    is_required: bool = False


@dataclass(frozen=True)
class OpeningContent:
    """All that an opening's page says. Long texts are Markdown; empty means that it is not written yet."""

    title: str = ""
    #: One or two sentences for lists, feeds and shared links; plain text.
    summary: str = ""
    #: A key of `company.queries.areas()`.
    area: str = ""
    seniority: Seniority | None = None
    employment: Employment | None = None
    places: tuple[Place, ...] = ()
    work_modes: tuple[WorkMode, ...] = ()
    #: What the work is.
    work: str = ""
    #: What somebody needs to know or be able to do.
    needed: str = ""
    #: The team and how it works together.
    team: str = ""
    #: What is hard about this role.
    hard: str = ""
    #: What we give besides pay; may stay empty.
    offered: str = ""
    pay: Pay = field(default_factory=Pay)
    #: True: a pool for later; False: a real vacancy; None: not said yet.
    is_pool: bool | None = None
    #: True: a machine takes part in reading or choosing, `ai_words` says how; None: not said yet.
    is_ai_used: bool | None = None
    ai_words: str = ""
    stages: tuple[Stage, ...] = ()
    #: By when a decision is expected.
    decision_by: date | None = None
    #: Last day to apply; None: until it is stopped.
    closes_on: date | None = None
    questions: tuple[Question, ...] = ()
    is_cv_asked: bool = True
    #: How feedback after interviews is given; None: as the company decides.
    feedback: FeedbackWay | None = None


def as_json(content: OpeningContent) -> dict[str, Any]:
    """`content` as it is stored; `from_json` reads it back."""
    pay = content.pay
    return {
        "title": content.title,
        "summary": content.summary,
        "area": content.area,
        "seniority": content.seniority,
        "employment": content.employment,
        "places": [[place.key, place.label] for place in content.places],
        "work_modes": [str(mode) for mode in content.work_modes],
        "work": content.work,
        "needed": content.needed,
        "team": content.team,
        "hard": content.hard,
        "offered": content.offered,
        "pay": {
            "lowest": None if pay.lowest is None else str(pay.lowest),
            "highest": None if pay.highest is None else str(pay.highest),
            "currency": pay.currency,
            "period": str(pay.period),
            "note": pay.note,
        },
        "is_pool": content.is_pool,
        "is_ai_used": content.is_ai_used,
        "ai_words": content.ai_words,
        "stages": [
            [stage.name, stage.what_happens, stage.with_whom, stage.how_long, stage.status] for stage in content.stages
        ],
        "decision_by": content.decision_by.isoformat() if content.decision_by else None,
        "closes_on": content.closes_on.isoformat() if content.closes_on else None,
        "questions": [
            {
                "id": question.id,
                "words": question.words,
                "help": question.help,
                "kind": str(question.kind),
                "choices": list(question.choices),
                "is_required": question.is_required,
            }
            for question in content.questions
        ],
        "is_cv_asked": content.is_cv_asked,
        "feedback": str(content.feedback or ""),
    }


def from_json(stored: dict[str, Any]) -> OpeningContent:
    """What `as_json` made; a field that did not exist then has its default."""
    pay = stored.get("pay", {})
    seniority, employment = stored.get("seniority"), stored.get("employment")
    return OpeningContent(
        **{
            name: stored.get(name, "")
            for name in ("title", "summary", "area", "work", "needed", "team", "hard", "offered", "ai_words")
        },
        seniority=Seniority(seniority) if seniority else None,
        employment=Employment(employment) if employment else None,
        places=tuple(Place(*place) for place in stored.get("places", ())),
        work_modes=tuple(WorkMode(mode) for mode in stored.get("work_modes", ())),
        pay=Pay(
            lowest=_amount(pay.get("lowest")),
            highest=_amount(pay.get("highest")),
            currency=pay.get("currency", ""),
            period=PayPeriod(pay.get("period", PayPeriod.YEAR)),
            note=pay.get("note", ""),
        ),
        is_pool=stored.get("is_pool"),
        is_ai_used=stored.get("is_ai_used"),
        stages=tuple(Stage(*stage) for stage in stored.get("stages", ())),
        decision_by=_day(stored.get("decision_by")),
        closes_on=_day(stored.get("closes_on")),
        questions=tuple(
            Question(**{**question, "kind": QuestionKind(question["kind"]), "choices": tuple(question["choices"])})
            for question in stored.get("questions", ())
        ),
        is_cv_asked=stored.get("is_cv_asked", True),
        feedback=FeedbackWay(stored["feedback"]) if stored.get("feedback") else None,
    )


def _amount(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
