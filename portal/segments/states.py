"""What a segment can ask about people, and how."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from portal.applications.states import ENDINGS, MARK_LABELS, STATUS_LABELS, STEPS
from portal.community.states import CAREER_STAGE_LABELS, INDUSTRY_LABELS, SENIORITY_LABELS, WORK_MODE_LABELS
from portal.contact.rules import TOPIC_WORDS
from portal.core.i18n import lazy_gettext as _l


class Match(StrEnum):
    """How many of the parts of a group must hold."""

    ALL = "all"
    ANY = "any"
    NONE = "none"


MATCH_LABELS: Final[dict[Match, str]] = {
    Match.ALL: _l("All of these hold"),
    Match.ANY: _l("Any of these holds"),
    Match.NONE: _l("None of these holds"),
}


class Field(StrEnum):
    """Something we know of a person."""

    MEMBER = "member"
    AREA = "area"
    SKILL = "skill"
    SENIORITY = "seniority"
    INDUSTRY = "industry"
    PLACE = "place"
    WORK_MODE = "work_mode"
    CAREER_STAGE = "career_stage"
    LANGUAGE = "language"
    STATUS = "status"
    ENDING = "ending"
    REACHED = "reached"
    MARK = "mark"
    LAST_CONTACT = "last_contact"
    LAST_RESPONSE = "last_response"
    TAG = "tag"
    POOL = "pool"
    PURPOSE = "purpose"


FIELD_LABELS: Final[dict[Field, str]] = {
    Field.MEMBER: _l("Member of the community"),
    Field.AREA: _l("Area of interest"),
    Field.SKILL: _l("Skill"),
    Field.SENIORITY: _l("Seniority"),
    Field.INDUSTRY: _l("Industry"),
    Field.PLACE: _l("Place, or remote"),
    Field.WORK_MODE: _l("Way of working"),
    Field.CAREER_STAGE: _l("How much they look"),
    Field.LANGUAGE: _l("Language"),
    Field.STATUS: _l("Open application stands at"),
    Field.ENDING: _l("Application ended as"),
    Field.REACHED: _l("How far an application got"),
    Field.MARK: _l("Near-fit or silver medal"),
    Field.LAST_CONTACT: _l("Last time we wrote or called"),
    Field.LAST_RESPONSE: _l("Last time we heard from them"),
    Field.TAG: _l("Tag"),
    Field.POOL: _l("Pool"),
    Field.PURPOSE: _l("Mail they agreed to"),
}


class Operator(StrEnum):
    """How a field is compared."""

    YES = "yes"
    NO = "no"
    ANY_OF = "any_of"
    ALL_OF = "all_of"
    NONE_OF = "none_of"
    #: Of a place: there, or from anywhere.
    OR_REMOTE = "or_remote"
    AT_LEAST = "at_least"
    #: Of a day: in the last so many days.
    WITHIN = "within"
    #: Longer ago than so many days, or never.
    NOT_WITHIN = "not_within"
    NEVER = "never"


_MANY = (Operator.ANY_OF, Operator.ALL_OF, Operator.NONE_OF)
_ONE = (Operator.ANY_OF, Operator.NONE_OF)
_DAYS = (Operator.NOT_WITHIN, Operator.WITHIN, Operator.NEVER)
#: What each field can be asked, what is asked most first.
OPERATORS: Final[dict[Field, tuple[Operator, ...]]] = {
    Field.MEMBER: (Operator.YES, Operator.NO),
    Field.AREA: _MANY,
    Field.SKILL: _MANY,
    Field.SENIORITY: _ONE,
    Field.INDUSTRY: _MANY,
    Field.PLACE: (Operator.ANY_OF, Operator.OR_REMOTE, Operator.NONE_OF),
    Field.WORK_MODE: _MANY,
    Field.CAREER_STAGE: _ONE,
    Field.LANGUAGE: _ONE,
    Field.STATUS: _ONE,
    Field.ENDING: _ONE,
    Field.REACHED: (Operator.AT_LEAST,),
    Field.MARK: _ONE,
    Field.LAST_CONTACT: _DAYS,
    Field.LAST_RESPONSE: _DAYS,
    Field.TAG: _MANY,
    Field.POOL: _MANY,
    Field.PURPOSE: _MANY,
}
#: Operators that need nothing beside them.
ALONE: Final[frozenset[Operator]] = frozenset({Operator.YES, Operator.NO, Operator.NEVER})
#: Operators that ask for a number of days.
WITH_DAYS: Final[frozenset[Operator]] = frozenset({Operator.WITHIN, Operator.NOT_WITHIN})
#: Fields whose values are typed, not chosen from a list.
TYPED: Final[frozenset[Field]] = frozenset({Field.SKILL, Field.PLACE, Field.TAG})

OPERATOR_LABELS: Final[dict[Operator, str]] = {
    Operator.YES: _l("Yes"),
    Operator.NO: _l("No"),
    Operator.ANY_OF: _l("is one of"),
    Operator.ALL_OF: _l("has all of"),
    Operator.NONE_OF: _l("is none of"),
    Operator.OR_REMOTE: _l("is one of, or open to remote work"),
    Operator.AT_LEAST: _l("at least as far as"),
    Operator.WITHIN: _l("in the last … days"),
    Operator.NOT_WITHIN: _l("not for … days, or never"),
    Operator.NEVER: _l("never"),
}

#: Of the fields whose values never change: each value with its words.
VALUE_LABELS: Final[dict[Field, Mapping[Any, str]]] = {
    Field.SENIORITY: SENIORITY_LABELS,
    Field.INDUSTRY: INDUSTRY_LABELS,
    Field.WORK_MODE: WORK_MODE_LABELS,
    Field.CAREER_STAGE: CAREER_STAGE_LABELS,
    Field.STATUS: {status: STATUS_LABELS[status] for status in STEPS},
    Field.ENDING: {status: label for status, label in STATUS_LABELS.items() if status in ENDINGS},
    Field.REACHED: {status: STATUS_LABELS[status] for status in STEPS},
    Field.MARK: MARK_LABELS,
    Field.PURPOSE: TOPIC_WORDS,
}
