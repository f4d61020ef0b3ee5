"""The company of the demo, who works there, and who joined."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from portal.accounts.actions import confirm_address
from portal.accounts.actions.passwords import store_password
from portal.accounts.adapters import hash_password
from portal.accounts.models import Account
from portal.community.actions import Wishes, change_preferences, join, save_preferences
from portal.community.adapters import places, skills
from portal.community.queries import choices_of
from portal.community.rules import Folded, OtherOffers, SkillIndex, marks_of, places_from, skills_from
from portal.community.states import CareerStage
from portal.company.actions import change_settings
from portal.company.queries import company_settings
from portal.company.rules import version_of, working_days_after
from portal.company.states import Setting
from portal.contact.actions import change_preferences as change_mail
from portal.contact.rules import Preferences
from portal.contact.states import Purpose, Rhythm
from portal.core.db import session, transaction
from portal.core.permissions import Role
from portal.demo import data
from portal.demo.actions.story import Story, at, person_at
from portal.demo.adapters import draw_portrait
from portal.demo.data import interviewed, members
from portal.people.actions import ProfileWords, add_person, change_words, note_absence, set_picture
from portal.people.actions import add_staff as put_on_staff
from portal.people.adapters import read_picture

PASSWORD = "demo-password"  # noqa: S105 - public, as the demo is
ACCOUNTS = tuple((row[0], row[-1]) for row in (*data.CANDIDATES, *data.STAFF))


def add_staff(story: Story, moment: datetime) -> None:
    """Who works there, with what candidates read of them; all but the admin report to the admin."""
    hashed = hash_password(PASSWORD)
    for email, name, role, line, _shown in sorted(data.STAFF, key=lambda row: row[2] != Role.ADMIN):
        with transaction():
            person = add_person(name, email, "en", story.zone, moment)
            put_on_staff(person.id, Role(role), story.staff.get("admin"), moment, introduction=line)
            _give_account(email, name, story.zone, hashed, moment)
        key = email.partition("@")[0]
        story.staff[key] = person.id
        if key in data.PROFILES:
            change_words(person.id, ProfileWords(line, *data.PROFILES[key]), person.id, moment)
        if key in data.PORTRAITS:
            picture = read_picture(draw_portrait(data.PORTRAITS[key]))
            set_picture(person.id, picture.content, picture.media_type, person.id, moment)

    _add_who_left(story, moment)


def _add_who_left(story: Story, moment: datetime) -> None:
    email, name, role = data.LEFT
    with transaction():
        person = add_person(name, email, "en", story.zone, moment)
        put_on_staff(person.id, Role(role), story.staff["admin"], moment)
    story.staff[email.partition("@")[0]] = person.id


def say_who_we_are(story: Story, moment: datetime) -> None:
    """What the company does, how it works together, and whose public holidays count."""
    stored = company_settings()
    values: dict[Setting, Any] = {
        Setting.INTRODUCTION: data.INTRODUCTION,
        Setting.TEAM: data.TEAM,
        Setting.HOLIDAYS: {"country": data.COUNTRY, "region": ""},
    }
    seen = version_of({name: stored[name] for name in values})
    change_settings(values, seen, actor_id=story.staff["admin"], now=moment)


def promise_in_our_words(story: Story) -> None:
    """Alma adds a few words to the page of promises: from then on a second version holds."""
    with at(story.moment(story.days_ago(interviewed.PROMISED_DAYS_AGO), 12)) as moment:
        values: dict[Setting, Any] = {Setting.PROMISE_WORDS: interviewed.PROMISE_WORDS}
        seen = version_of({name: company_settings()[name] for name in values})
        change_settings(values, seen, actor_id=story.staff["admin"], now=moment)


def go_away(story: Story) -> None:
    """Omar is away for a few days, and Rita stands in."""
    omar, rita, today = story.staff["omar"], story.staff["rita"], story.today
    until = working_days_after(today, 3, story.calendar)[-1]
    with at(story.moment(story.days_ago(2), 16)) as moment:
        note_absence(omar, rita, today, until, actor_id=omar, today=today, now=moment)


def _give_account(email: str, name: str, zone: str, hashed: str, moment: datetime) -> int:
    account_id = confirm_address(email, name=name, locale="en", timezone=zone, now=moment)
    store_password(account_id, hashed, None, moment, except_session=None)
    return account_id


def add_candidate(story: Story, email: str) -> None:
    """One of those who can sign in: joined on their day, and said what they look for. A record we have is claimed."""
    name = next(row[1] for row in data.CANDIDATES if row[0] == email)
    days, purposes = data.JOINED[email]
    hashed = hash_password(PASSWORD)
    with at(story.moment(story.today - timedelta(days=days), 19)) as moment:
        with transaction():
            account_id = _give_account(email, name, story.zone, hashed, moment)
        person_id = session().get_one(Account, account_id).person_id
        join(person_id, [Purpose(purpose) for purpose in purposes], moment)
        wished = data.WISHES.get(email)
        if wished:
            change_preferences(person_id, _wishes(wished), shown=[], ticked=[], now=moment)
        if email in data.WEEKLY_READERS:
            change_mail(person_id, Preferences({Purpose.INSIDER_UPDATES: Rhythm.WEEKLY}), moment)


def add_members(story: Story) -> None:
    """Those who joined, and never applied here: what they look for, and how they want to hear."""
    for one in members.MEMBERS:
        with at(story.moment(story.today - timedelta(days=one.days_ago), 19)) as moment, transaction():
            account_id = confirm_address(one.email, name=one.name, locale="en", timezone=one.zone, now=moment)
            person_id = session().get_one(Account, account_id).person_id
            join(person_id, one.purposes, moment)
            change_preferences(person_id, _wishes(one.wishes), shown=[], ticked=[], now=moment)
            change_mail(person_id, Preferences(one.rhythms, is_paused=one.is_paused), moment)


def tell_of_another_offer(story: Story) -> None:
    """Ada has another offer, and must answer it in two working days."""
    person_id = person_at("ada@demo.example")
    decide_by = working_days_after(story.today, 2, story.calendar)[-1]
    with at(story.moment(story.days_ago(1), 21)) as moment:
        said = {"offers": OtherOffers(data.ADA_OFFER, decide_by)}
        seen = marks_of(choices_of(person_id))
        save_preferences(person_id, said, seen=seen, shown=[], ticked=[], now=moment)


def known_skills() -> SkillIndex:
    """The taxonomy that people's skills are looked up in."""
    return skills()


def typed_skills(typed: Sequence[str]) -> tuple[Folded, ...]:
    """As the page keeps skills that are typed."""
    return tuple(skills_from("\n".join(typed), skills()))


def typed_places(typed: Sequence[str]) -> tuple[Folded, ...]:
    """As the page keeps places that are typed, each on a line of its own."""
    return tuple(places_from("".join(f"{one}\n" for one in typed), places("en")))


def _wishes(wished: data.DemoWishes) -> Wishes:
    return Wishes(
        areas=wished.areas,
        skills=typed_skills(wished.skills),
        places=typed_places(wished.places),
        work_modes=wished.modes,
        career_stage=CareerStage(wished.career_stage),
        profile=wished.profile,
    )
