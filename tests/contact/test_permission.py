"""May we write to this person now? Never without a right, never too often, never at night, and never stuck."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from portal.company.rules import Hours, WorkCalendar
from portal.contact.rules import (
    CountedContact,
    Facts,
    Go,
    Hold,
    Never,
    Preferences,
    Verdict,
    Wanted,
    may_contact,
    why_for_person,
    why_for_staff,
)
from portal.contact.states import Budget, MailClass, Purpose, Rhythm, Timing, WhyHeld, WhyNot

#: Two with clock changes at night, one by half an hour, one at midnight, one with odd minutes, one without any.
ZONES = (
    "Europe/Warsaw",
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Asia/Kathmandu",
    "Asia/Tokyo",
)
WARSAW = ZoneInfo("Europe/Warsaw")
OWN = Wanted(MailClass.OWN, None, Timing.AT_ONCE, Budget.NONE)
NOTE = Wanted(MailClass.OWN, None, Timing.WAKING, Budget.NONE)
ENDING = Wanted(MailClass.OWN, None, Timing.OFFICE, Budget.NONE)
SURVEY = Wanted(MailClass.SURVEY, None, Timing.WAKING, Budget.NONE)
UPDATE = Wanted(MailClass.COMMUNITY, Purpose.INSIDER_UPDATES, Timing.WAKING, Budget.COMMUNITY)
EVENT = Wanted(MailClass.COMMUNITY, Purpose.EVENTS, Timing.WAKING, Budget.COMMUNITY)
REMINDER = Wanted(MailClass.COMMUNITY, Purpose.EVENTS, Timing.WAKING, Budget.NONE)
CHECK_IN = Wanted(MailClass.COMMUNITY, Purpose.CHECK_INS, Timing.WAKING, Budget.CHECK_IN)
ALERT = Wanted(MailClass.COMMUNITY, Purpose.JOB_ALERTS, Timing.WAKING, Budget.JOB_ALERTS)
EVERYTHING = frozenset(Purpose)

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
instants = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
#: Within a day of a clock change in each of the zones that has any.
changes = st.sampled_from(
    "2026-03-29T01:00Z 2026-10-25T01:00Z 2026-03-08T07:00Z 2026-11-01T06:00Z "
    "2026-04-04T15:00Z 2026-10-03T15:30Z 2026-04-05T03:00Z 2026-09-06T04:00Z".split()
).flatmap(lambda at: st.integers(-1440, 1440).map(lambda by: datetime.fromisoformat(at) + timedelta(minutes=by)))
moments = instants | changes
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
rhythms = st.dictionaries(st.sampled_from(Purpose), st.sampled_from(Rhythm), max_size=3)
wanted_kinds = st.sampled_from([OWN, NOTE, ENDING, SURVEY, UPDATE, EVENT, REMINDER, CHECK_IN, ALERT])


@st.composite
def facts_at(draw: st.DrawFn, now: datetime) -> Facts:
    """A person with any wishes, heard from us any number of times in the last months."""
    senders = (UPDATE, EVENT, CHECK_IN, ALERT)
    kinds = draw(st.lists(st.sampled_from(senders), max_size=6))
    counted = tuple(
        CountedContact(kind.budget, kind.purpose, now - draw(st.timedeltas(timedelta(0), timedelta(days=95))))
        for kind in kinds
    )
    return Facts(
        is_there=draw(st.sampled_from([True, True, True, False])),
        is_suppressed=draw(st.sampled_from([False, False, False, True])),
        zone=draw(st.sampled_from(ZONES)),
        company_zone=draw(st.sampled_from(ZONES)),
        consents=frozenset(draw(st.sets(st.sampled_from(Purpose)))),
        preferences=draw(preferences_at(now)),
        counted=counted,
        quiet=Hours(draw(times), draw(times)),
        calendar=WorkCalendar(frozenset(draw(st.sets(st.dates(now.date(), now.date() + timedelta(days=9)))))),
        community_per_month=draw(st.integers(0, 3)),
        check_in_days=draw(st.sampled_from([30, 90])),
    )


@st.composite
def preferences_at(draw: st.DrawFn, now: datetime) -> Preferences:
    is_paused = draw(st.booleans())
    soon = st.timedeltas(timedelta(days=-9), timedelta(days=60))
    return Preferences(
        rhythms=draw(rhythms),
        is_paused=is_paused,
        paused_until_on=draw(st.none() | soon.map(lambda by: (now + by).date())) if is_paused else None,
        quiet=draw(st.none() | st.builds(Hours, times, times)),
        is_without_surveys=draw(st.booleans()),
        rests_until=draw(st.none() | soon.map(lambda by: now + by)),
    )


@st.composite
def situations(draw: st.DrawFn) -> tuple[Facts, Wanted, datetime]:
    now = draw(moments)
    return draw(facts_at(now)), draw(wanted_kinds), now


def on_the_clock(instant: datetime, zone: str) -> time:
    return instant.astimezone(ZoneInfo(zone)).time()


@hypothesis_settings(max_examples=300)
@given(situations())
def test_nothing_goes_without_a_right_at_night_or_in_a_pause(case: tuple[Facts, Wanted, datetime]) -> None:
    facts, wanted, now = case
    if may_contact(facts, wanted, now) != Go():
        return
    chosen = facts.preferences
    assert facts.is_there
    assert not facts.is_suppressed
    if wanted.mail_class is MailClass.SURVEY:
        assert not chosen.is_without_surveys
    if wanted.mail_class is MailClass.COMMUNITY:
        assert wanted.purpose in facts.consents
        assert not chosen.rests_until or now >= chosen.rests_until
        today = now.astimezone(ZoneInfo(facts.zone)).date()
        assert not chosen.is_paused or (chosen.paused_until_on and today >= chosen.paused_until_on)
    if wanted.timing is Timing.WAKING:
        assert not (chosen.quiet or facts.quiet).covers(on_the_clock(now, facts.zone))
    if wanted.timing is Timing.OFFICE:
        local = now.astimezone(ZoneInfo(facts.company_zone))
        assert facts.calendar.is_working_day(local.date())
        assert facts.office.covers(local.time())


@hypothesis_settings(max_examples=300)
@given(situations())
def test_what_waits_goes_when_it_was_said_to_go(case: tuple[Facts, Wanted, datetime]) -> None:
    facts, wanted, now = case
    verdict = may_contact(facts, wanted, now)
    if isinstance(verdict, Hold):
        assert verdict.until > now
        again = may_contact(facts, wanted, verdict.until)
        assert again == Go() or (isinstance(again, Hold) and not again.has_end)


@hypothesis_settings(max_examples=150)
@given(situations())
def test_mail_about_the_own_application_is_stopped_by_a_dead_address_alone(
    case: tuple[Facts, Wanted, datetime],
) -> None:
    facts, _wanted, now = case
    verdict = may_contact(facts, OWN, now)
    if facts.is_suppressed:
        assert verdict == Never(WhyNot.SUPPRESSED)
    else:
        assert verdict == (Go() if facts.is_there else Never(WhyNot.GONE))


@hypothesis_settings(max_examples=150)
@given(situations())
def test_every_answer_has_words_for_both_sides(case: tuple[Facts, Wanted, datetime]) -> None:
    verdict = may_contact(*case)
    for words in (why_for_staff(verdict), why_for_person(verdict)):
        assert words.endswith(".")
        assert "%(" not in words
        assert "None" not in words


@st.composite
def histories(draw: st.DrawFn) -> tuple[Facts, list[tuple[Wanted, datetime]]]:
    """Half a year in which five senders try again and again."""
    start = draw(moments)
    facts = Facts(
        is_there=True,
        is_suppressed=False,
        zone=draw(st.sampled_from(ZONES)),
        company_zone="Europe/Warsaw",
        consents=EVERYTHING,
        preferences=Preferences(rhythms=draw(rhythms)),
    )
    gaps = draw(st.lists(st.timedeltas(timedelta(hours=1), timedelta(days=12)), min_size=5, max_size=60))
    tries, at = [], start
    for gap in gaps:
        at += gap
        tries.append((draw(st.sampled_from([UPDATE, EVENT, CHECK_IN, ALERT])), at))
    return facts, tries


@hypothesis_settings(max_examples=200)
@given(histories())
def test_five_senders_together_never_write_too_often(case: tuple[Facts, list[tuple[Wanted, datetime]]]) -> None:
    facts, tries = case
    sent: list[CountedContact] = []
    for wanted, at in tries:
        asked = Facts(**{**vars(facts), "counted": tuple(sent)})
        if may_contact(asked, wanted, at) == Go():
            sent.append(CountedContact(wanted.budget, wanted.purpose, at))
    chosen = facts.preferences.rhythms
    often = {Rhythm.AS_IT_HAPPENS, Rhythm.WEEKLY}
    by_default = [one for one in sent if one.budget is Budget.COMMUNITY and chosen.get(one.purpose) not in often]  # type: ignore[arg-type]
    # An hour less: in spring the same time on the clock comes an hour sooner.
    assert most_within(by_default, timedelta(days=30) - timedelta(hours=1)) <= 2
    check_ins = [one for one in sent if one.budget is Budget.CHECK_IN]
    if chosen.get(Purpose.CHECK_INS) not in often:
        assert most_within(check_ins, timedelta(days=90) - timedelta(hours=1)) <= 1
    days = Counter(one.at.astimezone(ZoneInfo(facts.zone)).date() for one in sent if one.budget is Budget.JOB_ALERTS)
    assert max(days.values(), default=0) <= 1
    for purpose, rhythm in chosen.items():
        own = [one for one in sent if one.purpose is purpose]
        span = {Rhythm.WEEKLY: timedelta(days=6), Rhythm.MONTHLY: timedelta(days=27)}.get(rhythm)
        assert span is None or most_within(own, span) <= 1


def most_within(sent: list[CountedContact], span: timedelta) -> int:
    """The most contacts in any time as long as `span`."""
    return max((sum(1 for other in sent if one.at <= other.at < one.at + span) for one in sent), default=0)


def ada(**changed: object) -> Facts:
    """A member in Warsaw who agreed to everything and chose nothing else."""
    values: dict[str, object] = {
        "is_there": True,
        "is_suppressed": False,
        "zone": "Europe/Warsaw",
        "company_zone": "Europe/Warsaw",
        "consents": EVERYTHING,
        **changed,
    }
    return Facts(**values)  # type: ignore[arg-type]


def at(*parts: int, fold: int = 0) -> datetime:
    return datetime(*parts, tzinfo=WARSAW, fold=fold).astimezone(UTC)  # type: ignore[misc,arg-type]


def verdict(wanted: Wanted, now: datetime, **changed: object) -> Verdict:
    return may_contact(ada(**changed), wanted, now)


NOON = at(2026, 3, 4, 12)


def test_community_mail_goes_to_whoever_agreed() -> None:
    assert verdict(UPDATE, NOON) == Go()
    assert verdict(UPDATE, NOON, consents=frozenset()) == Never(WhyNot.NO_CONSENT)
    assert verdict(UPDATE, NOON, consents=EVERYTHING - {Purpose.INSIDER_UPDATES}) == Never(WhyNot.NO_CONSENT)


def test_community_mail_without_a_purpose_never_goes() -> None:
    assert verdict(Wanted(MailClass.COMMUNITY, None, Timing.AT_ONCE, Budget.NONE), NOON) == Never(WhyNot.NO_CONSENT)


def test_a_survey_needs_no_consent_and_takes_a_no() -> None:
    assert verdict(SURVEY, NOON, consents=frozenset()) == Go()
    assert verdict(SURVEY, NOON, preferences=Preferences(is_without_surveys=True)) == Never(WhyNot.SURVEYS_OFF)


def test_a_pause_holds_community_mail_and_nothing_else() -> None:
    paused = Preferences(is_paused=True, paused_until_on=date(2026, 4, 1))
    assert verdict(UPDATE, NOON, preferences=paused) == Hold(WhyHeld.PAUSED, at(2026, 4, 1, 8))
    assert verdict(SURVEY, NOON, preferences=paused) == Go()
    assert verdict(NOTE, NOON, preferences=paused) == Go()


def test_a_pause_without_an_end_is_looked_at_every_day() -> None:
    found = verdict(UPDATE, NOON, preferences=Preferences(is_paused=True))
    assert found == Hold(WhyHeld.PAUSED, NOON + timedelta(days=1), has_end=False)
    assert "until you end it" in why_for_person(found)


def test_after_not_selected_there_is_a_week_of_peace() -> None:
    rest = Preferences(rests_until=NOON + timedelta(days=7))
    assert verdict(REMINDER, NOON, preferences=rest) == Hold(WhyHeld.RESTING, NOON + timedelta(days=7))
    assert verdict(SURVEY, NOON, preferences=rest) == Go()
    assert verdict(UPDATE, NOON + timedelta(days=7), preferences=rest) == Go()


def test_the_third_community_message_waits_for_the_first_to_be_a_month_old() -> None:
    first, second = at(2026, 2, 20, 12), at(2026, 3, 1, 12)
    counted = tuple(CountedContact(Budget.COMMUNITY, Purpose.EVENTS, when) for when in (second, first))
    # Thirty days on the clock: the night of the change in between has an hour less.
    assert verdict(UPDATE, NOON, counted=counted) == Hold(WhyHeld.BUDGET, at(2026, 3, 22, 12))
    assert verdict(UPDATE, NOON, counted=counted[:1]) == Go()
    assert verdict(CHECK_IN, NOON, counted=counted) == Go()
    assert verdict(REMINDER, NOON, counted=counted) == Go()


def test_thirty_days_over_a_clock_change_end_at_the_same_time_of_day() -> None:
    counted = tuple(CountedContact(Budget.COMMUNITY, Purpose.EVENTS, at(2026, 3, 10, 12)) for _ in range(2))
    found = verdict(UPDATE, at(2026, 3, 12, 12), counted=counted)
    assert found == Hold(WhyHeld.BUDGET, at(2026, 4, 9, 12))
    assert isinstance(found, Hold)
    assert found.until - at(2026, 3, 10, 12) == timedelta(days=30) - timedelta(hours=1)


def test_one_check_in_in_ninety_days() -> None:
    counted = (CountedContact(Budget.CHECK_IN, Purpose.CHECK_INS, at(2026, 1, 7, 12)),)
    assert verdict(CHECK_IN, NOON, counted=counted) == Hold(WhyHeld.BUDGET, at(2026, 4, 7, 12))


def test_job_alerts_come_once_a_day() -> None:
    counted = (CountedContact(Budget.JOB_ALERTS, Purpose.JOB_ALERTS, at(2026, 3, 4, 8)),)
    assert verdict(ALERT, NOON, counted=counted) == Hold(WhyHeld.BUDGET, at(2026, 3, 5, 8))
    assert verdict(ALERT, at(2026, 3, 5, 9), counted=counted) == Go()


def test_a_rhythm_outranks_the_default_in_both_directions() -> None:
    sent = tuple(CountedContact(Budget.COMMUNITY, Purpose.INSIDER_UPDATES, at(2026, 3, day, 12)) for day in (1, 2, 3))
    often = Preferences(rhythms={Purpose.INSIDER_UPDATES: Rhythm.AS_IT_HAPPENS})
    assert verdict(UPDATE, NOON, counted=sent, preferences=often) == Go()
    assert verdict(EVENT, NOON, counted=sent, preferences=often) == Go()
    assert isinstance(verdict(EVENT, NOON, counted=sent), Hold)
    weekly = Preferences(rhythms={Purpose.INSIDER_UPDATES: Rhythm.WEEKLY})
    assert verdict(UPDATE, NOON, counted=sent, preferences=weekly) == Hold(WhyHeld.RHYTHM, at(2026, 3, 10, 8))
    monthly = Preferences(rhythms={Purpose.INSIDER_UPDATES: Rhythm.MONTHLY})
    assert verdict(UPDATE, NOON, counted=sent[:1], preferences=monthly) == Hold(WhyHeld.RHYTHM, at(2026, 4, 1, 8))


def test_a_company_that_writes_no_community_mail_says_so() -> None:
    found = verdict(UPDATE, NOON, community_per_month=0)
    assert found == Hold(WhyHeld.BUDGET, NOON + timedelta(days=1), has_end=False)
    assert "settings" in why_for_staff(found)


def test_quiet_hours_are_those_of_the_reader() -> None:
    night = at(2026, 3, 4, 23)
    assert verdict(SURVEY, night) == Hold(WhyHeld.QUIET_HOURS, at(2026, 3, 5, 8))
    assert verdict(SURVEY, night, zone="America/New_York") == Go()
    assert verdict(SURVEY, night, preferences=Preferences(quiet=Hours(time(1), time(5)))) == Go()
    assert verdict(OWN, night) == Go()


def test_quiet_hours_that_end_in_the_gap_of_spring_end_an_hour_later() -> None:
    chosen = Preferences(quiet=Hours(time(22), time(2, 30)))
    found = verdict(NOTE, at(2026, 3, 29, 0), preferences=chosen)
    assert found == Hold(WhyHeld.QUIET_HOURS, datetime(2026, 3, 29, 1, 30, tzinfo=UTC))
    assert isinstance(found, Hold)
    assert on_the_clock(found.until, "Europe/Warsaw") == time(3, 30)


def test_quiet_hours_that_end_in_the_fold_of_autumn_end_at_the_first_of_the_two() -> None:
    chosen = Preferences(quiet=Hours(time(22), time(2, 30)))
    first, second = at(2026, 10, 25, 2, 30), at(2026, 10, 25, 2, 30, fold=1)
    assert second - first == timedelta(hours=1)
    assert verdict(NOTE, at(2026, 10, 25, 0), preferences=chosen) == Hold(WhyHeld.QUIET_HOURS, first)
    assert verdict(NOTE, first, preferences=chosen) == Go()
    # The clock shows 02:15 for the second time: still the quiet time they named.
    assert verdict(NOTE, second - timedelta(minutes=15), preferences=chosen) == Hold(WhyHeld.QUIET_HOURS, second)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (at(2026, 3, 6, 16, 59), None),
        (at(2026, 3, 6, 17), at(2026, 3, 9, 9)),
        (at(2026, 3, 8, 12), at(2026, 3, 9, 9)),
        (at(2026, 3, 9, 8, 59), at(2026, 3, 9, 9)),
        (at(2026, 4, 3, 18), at(2026, 4, 7, 9)),
    ],
    ids=["Friday in time", "Friday too late", "Sunday", "Monday early", "over Easter"],
)
def test_endings_go_in_office_hours_of_working_days(now: datetime, until: datetime | None) -> None:
    calendar = WorkCalendar(frozenset({date(2026, 4, 6)}))
    expected = Go() if until is None else Hold(WhyHeld.OFFICE_HOURS, until)
    assert verdict(ENDING, now, calendar=calendar) == expected
    # Where the reader is makes no difference: these are the company's hours.
    assert verdict(ENDING, now, calendar=calendar, zone="Asia/Tokyo") == expected


def test_the_persons_own_reason_is_named_before_the_hour() -> None:
    paused = Preferences(is_paused=True, paused_until_on=date(2026, 3, 6))
    assert verdict(UPDATE, at(2026, 3, 4, 23), preferences=paused) == Hold(WhyHeld.PAUSED, at(2026, 3, 6, 8))


@given(facts=facts_at(NOON), wanted=wanted_kinds)
def test_a_suppressed_address_is_never_written_to(facts: Facts, wanted: Wanted) -> None:
    assert may_contact(replace(facts, is_suppressed=True), wanted, NOON) == Never(WhyNot.SUPPRESSED)
