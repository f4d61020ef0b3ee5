"""What we hold about membership and what a person looks for."""

from datetime import datetime

from sqlalchemy import delete, select, update

from portal.community.actions import forget_old_join_requests
from portal.community.models import (
    JoinRequest,
    Membership,
    OtherOffers,
    PersonArea,
    PersonPlace,
    PersonSkill,
    Preferences,
)
from portal.community.queries import (
    JoinRequestRow,
    OffersRow,
    PreferencesRow,
    join_requests_to,
    offers_of,
    preferences_of,
    wishes_in,
)
from portal.community.rules import Told, offers_in_words, told_of
from portal.company.queries import areas
from portal.core.db import Model, transaction
from portal.core.i18n import format_day, format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.people.models import Address

TABLES: tuple[type[Model], ...] = (
    Membership,
    JoinRequest,
    Preferences,
    PersonArea,
    PersonSkill,
    PersonPlace,
    OtherOffers,
)
_LISTS = ((PersonArea, PersonArea.area), (PersonSkill, PersonSkill.skill), (PersonPlace, PersonPlace.place))
_OWNED = (PersonArea, PersonSkill, PersonPlace, Preferences, OtherOffers, Membership)
#: What belongs together in a row of preferences: a single answer is taken over whole or not at all.
_COLUMNS_OF = {
    "career_stage": ("career_stage", "career_stage_on"),
    "work_modes": ("work_modes",),
    "seniority": ("seniority",),
    "industries": ("industries",),
    "availability": ("when_free", "free_from", "notice"),
    "pay": ("pay_amount", "pay_currency", "pay_period"),
    "birthday": ("birth_day", "birth_month"),
    **{name: (name,) for name in ("three_years", "proud_of", "links", "education", "motivates", "worries")},
}


def export(person_id: int) -> list[ExportSection]:
    """Membership and preferences, and what waits for a confirmation."""
    sections = [_told(preferences_of(person_id)), _offers(offers_of(person_id))]
    waiting = join_requests_to(person_id)
    return [*sections, _waiting(waiting)] if waiting else sections


def _told(known: PreferencesRow) -> ExportSection:
    labels = {area.key: area.label for area in areas()}
    wishes = wishes_in(known)
    rows = [(told.label, _with_day(told)) for told in told_of(wishes, labels, known.said_on, to_themselves=True)]
    if known.joined_at is not None:
        rows.insert(0, (_("Member of the community since"), format_day(known.joined_at)))
    return ExportSection(
        title=_("What you look for, and what you say of yourself"),
        rows=rows,
        kept=_("Until you change it, for as long as we know you."),
        seen_by=_("You, and the people who recruit here."),
        empty=_("You have not told us what you look for."),
        extra=_as_data(known),
    )


def _with_day(told: Told) -> str:
    if told.said_on is None:
        return told.words
    return _("%(words)s (said on %(day)s)", words=told.words, day=format_day(told.said_on))


def _as_data(known: PreferencesRow) -> dict[str, object]:
    own = known.profile
    free, pay, birthday = own.availability, own.pay, own.birthday
    texts = ("three_years", "proud_of", "education", "motivates", "worries")
    return {
        "areas": list(known.areas),
        "skills": [list(skill) for skill in known.skills],
        "places": [list(place) for place in known.places],
        "work_modes": [str(mode) for mode in known.work_modes],
        "career_stage": str(known.career_stage) if known.career_stage else None,
        "seniority": str(own.seniority) if own.seniority else None,
        "industries": [str(industry) for industry in own.industries],
        "availability": (
            {"when": free.when, "from": free.from_on and free.from_on.isoformat(), "notice": free.notice}
            if free
            else None
        ),
        "pay": {"amount": pay.amount, "currency": pay.currency, "period": str(pay.period)} if pay else None,
        "links": list(own.links),
        "birthday": {"day": birthday.day, "month": birthday.month} if birthday else None,
        "said_on": {part: day.isoformat() for part, day in known.said_on.items()},
        **{name: str(getattr(own, name)) for name in texts},
    }


def _offers(row: OffersRow | None) -> ExportSection:
    decide_by = row.offers.decide_by if row else None
    return ExportSection(
        title=_("Other offers you told us of"),
        rows=[(_("Said on %(day)s", day=format_day(row.said_on)), offers_in_words(row.offers))] if row else [],
        kept=_("Until you change it, and only while an application of yours is open: then we delete it ourselves."),
        seen_by=_("You, and whoever looks after your open application. No other recruiter, no admin."),
        empty=_("Nothing."),
        extra={
            "words": row.offers.words if row else "",
            "decide_by": decide_by.isoformat() if decide_by else None,
            "said_on": row.said_on.isoformat() if row else None,
        },
    )


def _waiting(requests: list[JoinRequestRow]) -> ExportSection:
    return ExportSection(
        title=_("A request to join that waits for your confirmation"),
        rows=[
            (format_moment(asked.created_at), _("forgotten on %(moment)s", moment=format_moment(asked.expires_at)))
            for asked in requests
        ],
        kept=_("One hour, unless you confirm it."),
        seen_by=_("Nobody, until it is confirmed."),
    )


def erase(person_id: int, now: datetime) -> None:
    """Delete membership, preferences and waiting requests; before people lets the addresses go."""
    with transaction() as own:
        emails = select(Address.email).where(Address.person_id == person_id).scalar_subquery()
        own.execute(delete(JoinRequest).where(JoinRequest.email.in_(emails)))
        for table in _OWNED:
            own.execute(delete(table).where(table.person_id == person_id))


def retention(now: datetime) -> None:
    """What was never confirmed goes; the job does the same."""
    forget_old_join_requests(now)


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """Lists are put together; of single answers those of `kept_id` hold; who joined or left last decides."""
    with transaction() as own:
        for table, key in _LISTS:
            known = select(key).where(table.person_id == kept_id).scalar_subquery()
            own.execute(
                update(table)
                .where(table.person_id == gone_id)
                .where(key.not_in(known))
                .values(person_id=kept_id)
                .execution_options(synchronize_session=False)
            )
            own.execute(delete(table).where(table.person_id == gone_id))
        _merge_preferences(kept_id, gone_id)
        _merge_offers(kept_id, gone_id)
        _merge_membership(kept_id, gone_id)


def _merge_preferences(kept_id: int, gone_id: int) -> None:
    with transaction() as own:
        kept, gone = own.get(Preferences, kept_id), own.get(Preferences, gone_id)
        if gone is None:
            return
        if kept is None:
            kept = Preferences(person_id=kept_id, work_modes=[], changed_at=gone.changed_at, said_on={})
            own.add(kept)
            own.flush()
        days = dict(kept.said_on)
        for part, columns in _COLUMNS_OF.items():
            if not any(getattr(kept, name) for name in columns):
                for name in columns:
                    setattr(kept, name, getattr(gone, name))
                days |= {part: gone.said_on[part]} if part in gone.said_on else {}
        lists = {part: day for part, day in gone.said_on.items() if part not in _COLUMNS_OF}
        # Lists are put together, so what stands there was said on both days: the newer one is told.
        kept.said_on = days | {part: max(day, days.get(part, day)) for part, day in lists.items()}
        own.delete(gone)
        own.flush()


def _merge_offers(kept_id: int, gone_id: int) -> None:
    with transaction() as own:
        kept, gone = own.get(OtherOffers, kept_id), own.get(OtherOffers, gone_id)
        if gone is None:
            return
        if kept is None:
            own.add(OtherOffers(person_id=kept_id, words=gone.words, decide_by=gone.decide_by, said_on=gone.said_on))
        own.delete(gone)
        own.flush()


def _merge_membership(kept_id: int, gone_id: int) -> None:
    with transaction() as own:
        kept, gone = own.get(Membership, kept_id), own.get(Membership, gone_id)
        if gone is None:
            return
        if kept is None:
            own.add(Membership(person_id=kept_id, joined_at=gone.joined_at, left_at=gone.left_at))
        else:
            # The last word of the person counts: leaving on one side is not undone by having joined on the other.
            newer = max(kept, gone, key=lambda row: row.left_at or row.joined_at)
            is_member = newer.left_at is None
            joined = [row.joined_at for row in (kept, gone) if row.left_at is None or not is_member]
            kept.joined_at, kept.left_at = min(joined), newer.left_at
        own.delete(gone)
        own.flush()


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Nothing here is owed by a member of staff."""
