"""What people can say about themselves by choosing: whether they look, how they work, what they bring."""

from enum import StrEnum
from typing import Final

from portal.core.i18n import lazy_gettext as _l


class CareerStage(StrEnum):
    """How much a member wants to hear of new work; set by the member, asked again after six months."""

    ACTIVELY_LOOKING = "actively_looking"
    OPEN_TO_IT = "open_to_it"
    NOT_LOOKING_NOW = "not_looking_now"


class WorkMode(StrEnum):
    """Where a member would like to work; one may choose several."""

    REMOTE = "remote"
    HYBRID = "hybrid"
    ON_SITE = "on_site"


class Seniority(StrEnum):
    """How much experience a role asks for, and a person brings."""

    STUDENT = "student"
    JUNIOR = "junior"
    MID = "mid"
    SENIOR = "senior"
    LEAD = "lead"
    EXECUTIVE = "executive"


CAREER_STAGE_LABELS: Final[dict[CareerStage, str]] = {
    CareerStage.ACTIVELY_LOOKING: _l("Actively looking"),
    CareerStage.OPEN_TO_IT: _l("Open to it"),
    CareerStage.NOT_LOOKING_NOW: _l("Not looking now"),
}

WORK_MODE_LABELS: Final[dict[WorkMode, str]] = {
    WorkMode.REMOTE: _l("Remote"),
    WorkMode.HYBRID: _l("Hybrid"),
    WorkMode.ON_SITE: _l("On site"),
}

SENIORITY_LABELS: Final[dict[Seniority, str]] = {
    Seniority.STUDENT: _l("Student or trainee"),
    Seniority.JUNIOR: _l("Starting out"),
    Seniority.MID: _l("Some years of experience"),
    Seniority.SENIOR: _l("Experienced"),
    Seniority.LEAD: _l("Leading others"),
    Seniority.EXECUTIVE: _l("Head of a department or more"),
}


class Industry(StrEnum):
    """A line of business somebody knows from the inside; our own short list."""

    SOFTWARE = "software"
    HEALTH = "health"
    FINANCE = "finance"
    EDUCATION = "education"
    PUBLIC = "public"
    TRADE = "trade"
    MANUFACTURING = "manufacturing"
    CONSTRUCTION = "construction"
    ENERGY = "energy"
    TRANSPORT = "transport"
    TELECOMS = "telecoms"
    MEDIA = "media"
    ADVICE = "advice"
    RESEARCH = "research"
    HOSPITALITY = "hospitality"
    FARMING = "farming"
    CHARITY = "charity"
    OTHER = "other"


INDUSTRY_LABELS: Final[dict[Industry, str]] = {
    Industry.SOFTWARE: _l("Software and internet"),
    Industry.HEALTH: _l("Health and care"),
    Industry.FINANCE: _l("Banking and insurance"),
    Industry.EDUCATION: _l("Education"),
    Industry.PUBLIC: _l("Public service"),
    Industry.TRADE: _l("Shops and trade"),
    Industry.MANUFACTURING: _l("Manufacturing"),
    Industry.CONSTRUCTION: _l("Building and property"),
    Industry.ENERGY: _l("Energy and water"),
    Industry.TRANSPORT: _l("Transport and logistics"),
    Industry.TELECOMS: _l("Telecoms"),
    Industry.MEDIA: _l("Media and culture"),
    Industry.ADVICE: _l("Advice and agencies"),
    Industry.RESEARCH: _l("Research"),
    Industry.HOSPITALITY: _l("Hotels, food and travel"),
    Industry.FARMING: _l("Farming and food"),
    Industry.CHARITY: _l("Charity"),
    Industry.OTHER: _l("Something else"),
}


class WhenFree(StrEnum):
    """From when somebody could begin."""

    AT_ONCE = "at_once"
    FROM_A_DAY = "from_a_day"
    AFTER_NOTICE = "after_notice"


WHEN_FREE_LABELS: Final[dict[WhenFree, str]] = {
    WhenFree.AT_ONCE: _l("At once"),
    WhenFree.FROM_A_DAY: _l("From a day on"),
    WhenFree.AFTER_NOTICE: _l("After my notice period"),
}


class Notice(StrEnum):
    """How long somebody is bound after they give notice."""

    TWO_WEEKS = "two_weeks"
    ONE_MONTH = "one_month"
    TWO_MONTHS = "two_months"
    THREE_MONTHS = "three_months"
    SIX_MONTHS = "six_months"


NOTICE_LABELS: Final[dict[Notice, str]] = {
    Notice.TWO_WEEKS: _l("Two weeks"),
    Notice.ONE_MONTH: _l("One month"),
    Notice.TWO_MONTHS: _l("Two months"),
    Notice.THREE_MONTHS: _l("Three months"),
    Notice.SIX_MONTHS: _l("Six months"),
}


class PayPeriod(StrEnum):
    """What an amount of pay is for."""

    YEAR = "year"
    MONTH = "month"
    HOUR = "hour"


PAY_PERIOD_LABELS: Final[dict[PayPeriod, str]] = {
    PayPeriod.YEAR: _l("a year"),
    PayPeriod.MONTH: _l("a month"),
    PayPeriod.HOUR: _l("an hour"),
}
