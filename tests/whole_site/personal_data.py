"""Which tables hold people, and rows that are full of one person in all of them."""

from collections.abc import Iterable
from datetime import date, datetime, time
from itertools import count
from typing import Any, cast

from sqlalchemy import JSON, Column, MetaData, String, Table, Text, insert, select

from portal.core import clock
from portal.core.db import Model, Word, session, transaction
from portal.core.identifiers import new_public_id
from portal.openings.models import Opening
from portal.pools.models import Pool
from portal.surveys.models import Survey, SurveyVersion
from portal.surveys.states import SurveyState, Touchpoint
from portal.updates.models import InsiderUpdate
from portal.updates.states import Audience, UpdateKind

CANARY = "Zanzibarka"
CANARY_ADDRESS = "zanzibarka@canary.example"

#: Tables that lead to a person and hold nothing about one.
EXCEPTIONS = {
    "alert_round": "how far the members were gone through for an opening; nothing in it is about anybody",
    "interview_impression": "totals by opening and week of how interviews began; nothing in them is of one person",
    "ballot": "answers of nobody in particular; whose they are stands nowhere, see docs/surveys.md",
    "survey_part": "that five and more answers were released together, and by what they may be shown",
    "survey_response": "a released ballot without words; five and more stand in its part",
    "waiting_comment": "words of nobody in particular, until there are ten",
    "survey_comment": "words of nobody in particular; ten and more were released together",
    "survey_comment_tag": "what released words are about, as colleagues put it; nothing in it leads to whoever wrote",
    "ats_opening_mapping": "which opening here one of another system is; nothing in it is about anybody",
    "ats_import_issue": "remarks about rows of a file, by number; they name no one and go with the file after 30 days",
}
#: Tables about work: they point to colleagues, who hand over.
_ABOUT_WORK = frozenset(
    {"opening_place", "opening_version", "opening_draft"}
    | {"insider_update", "update_version", "update_draft"}
    | {"update_mailing"}
    | {"pool"}
    | {"survey_version", "survey_post", "ballot", "survey_part", "survey_response", "waiting_comment", "survey_comment"}
    | {"survey_comment_tag"}
    | {"segment"}
    | {"staff", "staff_picture", "staff_absence", "opening", "ats_import", "ats_import_issue", "ats_source"}
    | {"ats_label_mapping", "ats_opening_mapping", "mail_wording"}
)
#: Columns besides `person_id` that say whom a row is about.
_ABOUT = frozenset({("stored_file", "owner_id")})
#: What the row of a table must be, or may keep after an erasure.
_FIXED: dict[str, dict[str, Any]] = {
    "delivery": {
        "state": "queued",
        "sent_at": None,
        "lease_owner": None,
        "lease_until": None,
        "held_reason": None,
        "held_until": None,
        "kind": "applications/message",
    },
    "incoming_mail": {
        "state": "placed",
        "sort": "reply",
        "why": None,
        "raw": f"From: {CANARY_ADDRESS}\r\nSubject: {CANARY}\r\n\r\n{CANARY}\r\n".encode(),
        "bounce_status": "",
    },
    "task": {"state": "due", "closed_at": None},
    "offer": {"state": "declined", "decline_reason": "pay"},
    "offer_word": {"kind": "made"},
    "survey_invitation": {"survey_id": 1, "version_number": 1, "why_not": None},
    "feedback_debt": {"state": "open", "settled_at": None},
    "invitation_to_apply": {"state": "written", "left_out": None},
    "audit_record": {"action": "community.join"},
    "application_event": {"status": "received"},
    "promise": {"outcome": "kept"},
    "preferences": {"when_free": "from_a_day", "notice": None, "industries": [], "work_modes": [], "said_on": {}},
    "mailed_update": {"way": "own_letter", "why": None, "look_at": None, "purpose": "insider_updates"},
    "contact_preferences": {"rhythms": {}, "quiet_from": time(22), "quiet_until": time(7)},
}
_RANDOM = frozenset({"public_id", "key", "secret_hash", "address_hash"})
_ADDRESSES = frozenset({"email", "to_address", "reply_to"})
_numbers = count(1)


def tables_with_people(metadata: MetaData) -> set[str]:
    """Every table with a foreign key to `person`, itself or through others."""
    found = {"person"}
    while True:
        more = {
            table.name
            for table in metadata.tables.values()
            if any(key.column.table.name in found for key in table.foreign_keys)
        }
        if more <= found:
            return found
        found |= more


def tables_without_privacy(metadata: MetaData, held: Iterable[str], exceptions: Iterable[str]) -> set[str]:
    """Tables with people that no feature shows, erases, merges and hands over."""
    return tables_with_people(metadata) - set(held) - set(exceptions)


def tables_about_people() -> list[Table]:
    """The tables whose rows are about somebody, parents first."""
    about: set[str] = set()
    for table in Model.metadata.sorted_tables:
        if table.name in _ABOUT_WORK:
            continue
        is_about = any(_is_about(column) for column in table.columns)
        if is_about or table.name == "person" or {key.column.table.name for key in table.foreign_keys} & about:
            about.add(table.name)
    return [table for table in Model.metadata.sorted_tables if table.name in about]


def plant(colleague_id: int, opening_id: int, word: str = CANARY, address: str = CANARY_ADDRESS) -> int:
    """A row in every table about people, each text full of `word`; returns the person's id."""
    rows: dict[str, int] = {"opening": opening_id, "insider_update": _add_update(colleague_id)}
    rows["pool"] = _add_pool(colleague_id)
    rows["survey"] = rows["survey_version"] = _add_survey(colleague_id)
    with transaction() as own:
        for table in tables_about_people():
            values = {
                column.name: _value(column, rows, colleague_id, word, address)
                for column in table.columns
                if not ((column.primary_key and column.autoincrement is True) or _is_serial(column))
            }
            values |= _FIXED.get(table.name, {})
            done = own.connection().execute(insert(table).values(values))
            rows[table.name] = cast(Any, done.inserted_primary_key)[0]
    return rows["person"]


def add_opening(colleague_id: int) -> int:
    """An opening that a colleague looks after, as recruiter and as hiring manager."""
    with transaction() as own:
        opening = Opening(
            public_id=new_public_id(),
            title="Baker",
            source="",
            external_key=new_public_id(),
            recruiter_id=colleague_id,
            hiring_manager_id=colleague_id,
            created_at=clock.now(),
        )
        own.add(opening)
        own.flush()
        return opening.id


def _add_pool(colleague_id: int) -> int:
    """A pool that a colleague looks after, in which whoever is planted is."""
    with transaction() as own:
        made = Pool(
            public_id=new_public_id(),
            name="Bakers",
            key=new_public_id(),
            purpose="To bake.",
            owner_id=colleague_id,
            review_on=clock.now().date(),
            version=1,
            created_at=clock.now(),
            closed_reason="",
        )
        own.add(made)
        own.flush()
        return made.id


def _add_survey(colleague_id: int) -> int:
    """The one survey that everybody is asked, in its first version; both have the same number."""
    with transaction() as own:
        if own.get(Survey, 1) is None:
            made = Survey(id=1, public_id=new_public_id(), touchpoint=Touchpoint.INTERVIEWED, state=SurveyState.LIVE)
            made.draft, made.draft_number, made.version_number, made.created_at = {}, 1, 1, clock.now()
            own.add(made)
            own.flush()
            own.add(
                SurveyVersion(survey_id=1, number=1, content={}, published_by_id=colleague_id, published_at=clock.now())
            )
    return 1


def _add_update(colleague_id: int) -> int:
    """An update that a colleague writes, which is a story about whoever is planted."""
    with transaction() as own:
        made = InsiderUpdate(
            public_id=new_public_id(),
            title="A story",
            kind=UpdateKind.MEMBER_STORY,
            audience=Audience.EVERYBODY,
            author_id=colleague_id,
            created_at=clock.now(),
        )
        own.add(made)
        own.flush()
        return made.id


def places_of(word: str) -> list[str]:
    """Every column of every table that holds `word` somewhere, whatever its case."""
    return sorted(
        {
            f"{table.name}.{name}"
            for table in Model.metadata.sorted_tables
            for row in session().execute(select(table)).mappings()
            for name, value in row.items()
            if word.casefold() in str(value).casefold()
        }
    )


def references(target: str, person_id: int) -> list[str]:
    """Every column with a foreign key to `target` ("person.id") that points to this person."""
    return sorted(
        f"{table.name}.{column.name}"
        for table in Model.metadata.sorted_tables
        for column in table.columns
        if any(key.target_fullname == target for key in column.foreign_keys)
        and session().execute(select(table).where(column == person_id)).first() is not None
    )


def _is_serial(column: Column[Any]) -> bool:
    return column.primary_key and not column.foreign_keys and column.name == "id"


def _is_about(column: Column[Any]) -> bool:
    points_to_person = any(key.target_fullname == "person.id" for key in column.foreign_keys)
    return points_to_person and (column.name == "person_id" or (column.table.name, column.name) in _ABOUT)


def _value(column: Column[Any], rows: dict[str, int], colleague_id: int, word: str, address: str) -> Any:
    for key in column.foreign_keys:
        if key.column.table.name in {"person", "staff"}:
            return rows["person"] if _is_about(column) else colleague_id
        return rows[key.column.table.name]
    if column.name in _RANDOM:
        return new_public_id()
    if isinstance(column.type, Word):
        first: Any = next(iter(cast(Any, column.type).words))
        return first
    if isinstance(column.type, JSON):
        return [word]
    if isinstance(column.type, String | Text):
        text = address if column.name in _ADDRESSES else f"{word} {next(_numbers)}"
        return text[: column.type.length]
    plain: dict[type, Any] = {
        datetime: clock.now(),
        date: clock.now().date(),
        time: time(22),
        bool: True,
        int: 1,
        bytes: b"",
    }
    return plain[getattr(column.type, "impl_instance", column.type).python_type]
