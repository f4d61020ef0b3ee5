"""Reading the ledger, what a person chose, and all that decides whether we may write to them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, exists, select

from portal.company.queries import (
    ContactBudget,
    company_zone,
    contact_budget,
    is_held_after_restore,
    office_hours,
    quiet_hours,
    work_calendar,
)
from portal.company.rules import Hours
from portal.contact.models import ConsentEvent, ContactPreferences, CountedContact, MergedLink, SignOfLife, Suppression
from portal.contact.rules import (
    OFFERED_AT_JOINING,
    OFFERED_TO_MEMBERS,
    PURPOSE_LABELS,
    PURPOSE_WORDS,
    WANTED_FOR,
    ConsentFact,
    ConsentState,
    Facts,
    Go,
    Life,
    Link,
    Never,
    Preferences,
    Verdict,
    Wanted,
    fold,
    latest_sign_that_matters,
    may_contact,
    why_for_staff,
)
from portal.contact.rules import CountedContact as Counted
from portal.contact.states import Budget, ConsentAction, MailClass, Purpose, Rhythm, Timing, WhyNot
from portal.core.clock import day_of
from portal.core.db import fetch
from portal.core.i18n import gettext as _
from portal.core.i18n import is_zone
from portal.core.settings import current_settings
from portal.core.tokens import keyed_hash
from portal.people.models import Address, Person


@dataclass(frozen=True)
class ConsentRow:
    """How one purpose stands for a person; `words` are those they saw, or would see now if they never answered."""

    purpose: Purpose
    label: str
    words: str
    is_given: bool
    #: None: never answered.
    action: ConsentAction | None
    decided_at: datetime | None
    source: str


@dataclass(frozen=True)
class ContactNow:
    """Whether mail could go to a person now: about their own application, and by each purpose they agreed to."""

    own: Verdict
    purposes: dict[Purpose, Verdict]
    life: Life | None
    #: Where it would go.
    email: str = ""

    @property
    def refusal(self) -> str:
        """Why nothing goes at all, for staff; empty when mail about their application may go."""
        if self.own == Never(WhyNot.SUPPRESSED):
            return f"{comes_back(self.email)} {_('An admin can let us try again.')}"
        return "" if isinstance(self.own, Go) else why_for_staff(self.own)

    def why(self, purpose: Purpose) -> str:
        """Whether mail about `purpose` could go now, for staff; empty where they have not agreed."""
        return why_for_staff(self.purposes[purpose]) if purpose in self.purposes else ""


_LEDGER = (
    select(
        ConsentEvent.purpose,
        ConsentEvent.action,
        ConsentEvent.actor_id.is_(None).label("is_own"),
        ConsentEvent.occurred_at,
        ConsentEvent.words,
        ConsentEvent.source,
    )
    .where(ConsentEvent.person_id == bindparam("person_id"))
    .order_by(ConsentEvent.id)
)

#: As much of the ledger as decides.
_LEDGER_IN_SHORT = (
    select(ConsentEvent.purpose, ConsentEvent.action, ConsentEvent.actor_id.is_(None), ConsentEvent.occurred_at)
    .where(ConsentEvent.person_id == bindparam("person_id"))
    .order_by(ConsentEvent.id)
)
_CHOSEN = (
    ContactPreferences.rhythms,
    ContactPreferences.is_paused,
    ContactPreferences.paused_until_on,
    ContactPreferences.quiet_from,
    ContactPreferences.quiet_until,
    ContactPreferences.surveys_off_at,
    ContactPreferences.rests_until,
)
_IS_SUPPRESSED = (
    exists().where(Suppression.address_hash == bindparam("address_hash")).where(Suppression.lifted_at.is_(None))
)
_ABOUT_PERSON = (
    select(
        Person.timezone,
        exists().where(Address.person_id == Person.id).label("is_there"),
        _IS_SUPPRESSED.label("is_suppressed"),
        *_CHOSEN,
    )
    .outerjoin(ContactPreferences, ContactPreferences.person_id == Person.id)
    .where(Person.id == bindparam("person_id"))
)
#: Two workers that ask for one person wait for each other; rows that only point to the person do not.
_ABOUT_PERSON_LOCKED = _ABOUT_PERSON.with_for_update(of=Person, key_share=True)
_PREFERENCES = select(*_CHOSEN).where(ContactPreferences.person_id == bindparam("person_id"))
_COUNTED = (
    select(CountedContact.budget, CountedContact.purpose, CountedContact.counted_at)
    .where(CountedContact.person_id == bindparam("person_id"))
    .where(CountedContact.budget == bindparam("budget", type_=CountedContact.budget.type))
    .where(CountedContact.counted_at > bindparam("since", type_=CountedContact.counted_at.type))
    .where(CountedContact.delivery_key != bindparam("delivery_key"))
    .order_by(CountedContact.counted_at, CountedContact.id)
)
#: All that a page about a person says of mail to them: a row for each contact that was counted, else one.
_AT_A_GLANCE = (
    select(
        Person.timezone,
        exists().where(Address.person_id == Person.id).label("is_there"),
        _IS_SUPPRESSED.label("is_suppressed"),
        *_CHOSEN,
        SignOfLife.last_on,
        SignOfLife.first_asked_on,
        SignOfLife.last_asked_on,
        SignOfLife.last_asked_days,
        CountedContact.budget,
        CountedContact.purpose,
        CountedContact.counted_at,
    )
    .outerjoin(ContactPreferences, ContactPreferences.person_id == Person.id)
    .outerjoin(SignOfLife, SignOfLife.person_id == Person.id)
    .outerjoin(
        CountedContact,
        (CountedContact.person_id == Person.id)
        & (CountedContact.counted_at > bindparam("since", type_=CountedContact.counted_at.type)),
    )
    .where(Person.id == bindparam("person_id"))
    .order_by(CountedContact.counted_at, CountedContact.id)
)
_LIFE = select(
    SignOfLife.person_id,
    SignOfLife.last_on,
    SignOfLife.first_asked_on,
    SignOfLife.last_asked_on,
    SignOfLife.last_asked_days,
)
#: Further than any message looks for a working day.
_CALENDAR_DAYS = 62


def consent_states(person_id: int) -> dict[Purpose, ConsentState]:
    """How every purpose stands that this person ever answered."""
    rows = fetch(_LEDGER, {"person_id": person_id})
    return fold(
        ConsentFact(row.purpose, row.action, bool(row.is_own), row.occurred_at, row.words, row.source) for row in rows
    )


def consents_of(person_id: int) -> list[ConsentRow]:
    """The purposes that members are asked about, and any other this person has answered, in a fixed order."""
    return consents_in(consent_states(person_id), OFFERED_TO_MEMBERS)


def consents_in(
    states: dict[Purpose, ConsentState], asked: Collection[Purpose] = OFFERED_AT_JOINING
) -> list[ConsentRow]:
    """The purposes in `asked` and whatever was answered, for whoever has read the ledger."""
    return [_row(purpose, states.get(purpose)) for purpose in Purpose if purpose in states or purpose in asked]


def _row(purpose: Purpose, state: ConsentState | None) -> ConsentRow:
    decided_by = state.decided_by if state else None
    return ConsentRow(
        purpose=purpose,
        label=str(PURPOSE_LABELS[purpose]),
        words=decided_by.words if decided_by and state and state.is_given else str(PURPOSE_WORDS[purpose]),
        is_given=state is not None and state.is_given,
        action=decided_by.action if decided_by else None,
        decided_at=decided_by.occurred_at if decided_by else None,
        source=decided_by.source if decided_by else "",
    )


def address_hash(address: str) -> str:
    """What is kept of an address that mail came back from, whoever it belonged to."""
    return keyed_hash(current_settings().privacy_key, f"suppression:{address.strip().lower()}")


def is_suppressed(address: str) -> bool:
    """Whether mail to `address` came back for good and nobody has let us try again."""
    return bool(fetch(select(_IS_SUPPRESSED), {"address_hash": address_hash(address)}).scalar())


def comes_back(address: str) -> str:
    """That mail to `address` comes back, in the words that its owner and our colleagues read alike."""
    return _("Our mail to %(address)s comes back.", address=address)


def contact_preferences(person_id: int) -> Preferences:
    """How often and when a person wants mail; the defaults where they chose nothing."""
    row = fetch(_PREFERENCES, {"person_id": person_id}).one_or_none()
    return preferences_in(row) if row else Preferences()


def verdict_for(person_id: int | None, to_address: str, wanted: Wanted, now: datetime) -> Verdict:
    """Whether `wanted` could go now; reads only, counts nothing."""
    return may_contact(facts_about(person_id, to_address, wanted, now), wanted, now)


def facts_about(
    person_id: int | None,
    to_address: str,
    wanted: Wanted,
    now: datetime,
    *,
    delivery_key: str = "",
    is_locked: bool = False,
) -> Facts:
    """All that the decision about `wanted` needs, and no more; contacts counted for `delivery_key` are left out.

    `is_locked` lets everybody else who decides about this person wait, for the rest of the transaction.
    """
    home = company_zone()
    known: dict[str, Any] = {"company_zone": home, "zone": home, "is_there": person_id is None}
    if person_id is None:
        known["is_suppressed"] = is_suppressed(to_address)
    else:
        is_own = wanted.mail_class is MailClass.OWN and wanted.budget is Budget.NONE
        statement = _ABOUT_PERSON_LOCKED if is_locked and not is_own else _ABOUT_PERSON
        row = fetch(statement, {"person_id": person_id, "address_hash": address_hash(to_address)}).one_or_none()
        known |= _about(row, to_address, home)
        if wanted.mail_class is MailClass.COMMUNITY:
            known["consents"] = _consents(person_id)
        known |= _allowances(person_id, wanted, now, delivery_key)
    is_restored = wanted.mail_class is not MailClass.OWN and is_held_after_restore()
    return Facts(**known, **_hours(wanted, now, home), is_restored=is_restored)


def _about(row: Row[Any] | None, to_address: str, home: str) -> dict[str, Any]:
    if row is None:
        return {"is_suppressed": is_suppressed(to_address)}
    return {
        "is_suppressed": bool(row.is_suppressed),
        "is_there": bool(row.is_there),
        "zone": row.timezone if is_zone(row.timezone) else home,
        "preferences": preferences_in(row),
    }


def _consents(person_id: int) -> frozenset[Purpose]:
    rows = fetch(_LEDGER_IN_SHORT, {"person_id": person_id})
    states = fold(ConsentFact(row[0], row[1], bool(row[2]), row[3]) for row in rows)
    return frozenset(purpose for purpose, state in states.items() if state.is_given)


def _allowances(person_id: int, wanted: Wanted, now: datetime, delivery_key: str) -> dict[str, Any]:
    if wanted.budget is Budget.NONE:
        return {}
    budget = contact_budget()
    since = _counts_since(budget, now)
    values = {"person_id": person_id, "budget": wanted.budget, "since": since, "delivery_key": delivery_key}
    return {
        "community_per_month": budget.community_per_month,
        "check_in_days": budget.check_in_days,
        "counted": tuple(Counted(*row) for row in fetch(_COUNTED, values)),
    }


def _counts_since(budget: ContactBudget, now: datetime) -> datetime:
    return now - timedelta(days=max(budget.check_in_days, 31) + 2)


def _hours(wanted: Wanted, now: datetime, zone: str) -> dict[str, Any]:
    if wanted.timing is Timing.WAKING:
        return {"quiet": quiet_hours()}
    if wanted.timing is Timing.OFFICE:
        today = day_of(now, zone)
        calendar = work_calendar(today, today + timedelta(days=_CALENDAR_DAYS))
        return {"office": office_hours(), "calendar": calendar}
    return {}


def preferences_in(row: Row[Any] | ContactPreferences) -> Preferences:
    """A row of choices as the rules know them."""
    start, end = row.quiet_from, row.quiet_until
    return Preferences(
        rhythms={Purpose(purpose): Rhythm(rhythm) for purpose, rhythm in (row.rhythms or {}).items()},
        is_paused=bool(row.is_paused),
        paused_until_on=row.paused_until_on,
        quiet=Hours(start, end) if start is not None and end is not None else None,
        is_without_surveys=row.surveys_off_at is not None,
        rests_until=row.rests_until,
    )


def contact_now(person_id: int, email: str, states: dict[Purpose, ConsentState], now: datetime) -> ContactNow:
    """Whether we may write to this person at `email` at all, and about each purpose they agreed to. Reads only.

    `states`: how every purpose stands that they ever answered.
    """
    home, budget = company_zone(), contact_budget()
    values = {"person_id": person_id, "address_hash": address_hash(email), "since": _counts_since(budget, now)}
    rows = fetch(_AT_A_GLANCE, values).all()
    row = rows[0] if rows else None
    known: dict[str, Any] = {"company_zone": home, "zone": home, "is_there": False, **_about(row, email, home)}
    facts = Facts(
        **known,
        **_hours(WANTED_FOR[Purpose.INSIDER_UPDATES], now, home),
        consents=frozenset(purpose for purpose, state in states.items() if state.is_given),
        community_per_month=budget.community_per_month,
        check_in_days=budget.check_in_days,
        is_restored=is_held_after_restore(),
        counted=tuple(Counted(one.budget, one.purpose, one.counted_at) for one in rows if one.counted_at is not None),
    )
    return ContactNow(
        own=may_contact(facts, Wanted(MailClass.OWN, None, Timing.AT_ONCE, Budget.NONE), now),
        purposes={one: may_contact(facts, WANTED_FOR[one], now) for one in Purpose if one in facts.consents},
        life=_life(row) if row is not None and row.last_on is not None else None,
        email=email,
    )


def _life(row: Row[Any]) -> Life:
    return Life(row.last_on, row.first_asked_on, row.last_asked_on, row.last_asked_days)


@dataclass(frozen=True)
class LinkedPerson:
    """Whose link it is, as far as a page without signing in needs them."""

    person_id: int
    timezone: str


def person_of_link(public_id: str) -> LinkedPerson | None:
    """Whose link from a mail this is, also when their record has become part of another; None when nobody is there."""
    moved = select(MergedLink.person_id).where(MergedLink.public_id == public_id).scalar_subquery()
    row = fetch(
        select(Person.id, Person.timezone)
        .where((Person.public_id == public_id) | (Person.id == moved))
        .where(exists().where(Address.person_id == Person.id))
        .order_by(Person.id)
    ).first()
    return LinkedPerson(*row) if row else None


def is_stopped(person_id: int, link: Link) -> bool:
    """Whether the person has said already what pressing the button of `link` would say."""
    if link.is_surveys:
        return contact_preferences(person_id).is_without_surveys
    states = consent_states(person_id)
    wanted = [link.purpose] if link.purpose else list(Purpose)
    no_more = all(one in states and states[one].action is ConsentAction.WITHDRAWN for one in wanted)
    return no_more and (not link.is_everything or contact_preferences(person_id).is_without_surveys)


def life_of(person_id: int) -> Life | None:
    """When we last heard from this person; None when we never noted it."""
    row = fetch(_LIFE.where(SignOfLife.person_id == person_id)).one_or_none()
    return Life(*row[1:]) if row else None


def people_to_ask(months: int, today: date, after_id: int, count: int) -> list[tuple[int, Life]]:
    """At most `count` people we have not heard from for nearly `months`, by id, the first above `after_id`."""
    rows = fetch(
        _LIFE.where(SignOfLife.last_on <= latest_sign_that_matters(months, today))
        .where(SignOfLife.settled_on.is_(None))
        .where(SignOfLife.person_id > after_id)
        .order_by(SignOfLife.person_id)
        .limit(count)
    )
    return [(row.person_id, Life(*row[1:])) for row in rows]
