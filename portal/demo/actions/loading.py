"""Loading the demo: its story is lived through the actions that people use, on a clock that runs fast."""

from datetime import datetime, timedelta
from random import Random

from sqlalchemy import func, select

from portal.company.queries import work_calendar
from portal.core.clock import day_of
from portal.core.db import Model, end_reading, session, transaction
from portal.core.errors import PortalError
from portal.core.settings import current_settings
from portal.demo.actions.applying import apply_here
from portal.demo.actions.card import note_some
from portal.demo.actions.coming_in import take_in_mail
from portal.demo.actions.endings import (
    end_many_at_once,
    end_some,
    look_at_endings,
    tell_that_it_takes_longer,
    write_an_ending,
)
from portal.demo.actions.feedback import give_feedback, look_at_feedback
from portal.demo.actions.files import (
    add_openings,
    bring_a_list,
    bring_news,
    import_applications,
    leave_an_import_waiting,
)
from portal.demo.actions.fitting import invite_to_apply, tell_whom_the_newest_fits
from portal.demo.actions.gathering import find_people, make_pools, save_segments, tag_people
from portal.demo.actions.interviews import interview_some, look_ahead
from portal.demo.actions.letters import write_letters
from portal.demo.actions.offers import make_offers
from portal.demo.actions.openings import publish_openings
from portal.demo.actions.people import (
    ACCOUNTS,
    add_candidate,
    add_members,
    add_staff,
    go_away,
    promise_in_our_words,
    say_who_we_are,
    tell_of_another_offer,
)
from portal.demo.actions.story import Story, at, deliver
from portal.demo.actions.surveys import ask_how_it_was, publish_surveys, say_back
from portal.demo.actions.talk import forget_some, talk
from portal.demo.actions.turns import begin_feedback, come_and_go, keep_todays_word, take_turns
from portal.demo.actions.updates import tell_updates
from portal.demo.actions.work import leave_a_colleague, look_at_promises, look_at_what_is_owed, lose_letters
from portal.people.models import Address, Person

_SEED = 20261122
#: As far as working days are counted back and ahead.
_AROUND = timedelta(days=120)


def is_empty() -> bool:
    """Whether nobody is in the database yet."""
    return session().scalar(select(func.count()).select_from(Person)) == 0


def load_demo(now: datetime) -> None:
    """Tell the whole story up to `now`. Raises PortalError in production and on a database with people in it."""
    settings = current_settings()
    if settings.is_production:
        raise PortalError("The demo is not for production.")
    if not is_empty():
        raise PortalError("The demo needs an empty database.")
    today = day_of(now, settings.timezone)
    story = Story(now, settings.timezone, Random(_SEED), work_calendar(today, today))
    begun = story.today - timedelta(days=24)
    with at(story.moment(begun, 9)) as moment:
        add_staff(story, moment)
        say_who_we_are(story, moment)
        story.calendar = work_calendar(today - _AROUND, today + _AROUND)
        add_openings(story, moment)
        add_candidate(story, "silas@demo.example")
        add_candidate(story, "ada@demo.example")
        add_members(story)
    with at(story.moment(begun, 10)) as moment:
        import_applications(story, moment)
    publish_openings(story)
    publish_surveys(story)
    leave_a_colleague(story)
    told = interview_some(story)
    write_letters(story)
    forget_some(story)
    end_some(story)
    promise_in_our_words(story)
    apply_here(story)
    tell_that_it_takes_longer(story)
    note_some(story)
    talk(story)
    tell_of_another_offer(story)
    make_offers(story)
    give_feedback(story, told)
    begin_feedback(story, told)
    look_ahead(story)
    take_turns(story)
    gather(story)
    add_candidate(story, "nora@demo.example")
    bring_a_list(story)
    leave_an_import_waiting(story)
    keep_todays_word(story)
    lose_letters(story)
    go_away(story)
    come_and_go(story)
    deliver()
    look_at_promises(story)
    look_at_endings(story)
    look_at_feedback(story)
    look_at_what_is_owed(now)
    ask_how_it_was(story)
    say_back(story)
    bring_news(story)
    write_an_ending(story)
    end_many_at_once(story)


def gather(story: Story) -> None:
    """Whom colleagues found and put together, what they wrote to the community, and what came back."""
    save_segments(story)
    find_people(story)
    tag_people(story)
    make_pools(story)
    tell_updates(story)
    tell_whom_the_newest_fits(story)
    invite_to_apply(story)
    take_in_mail(story)


def refuse_in_production() -> None:
    """Everybody knows the demo's password. Raises PortalError in production where one of its accounts is left."""
    known = select(Address.id).where(Address.email.in_([email for email, _who in ACCOUNTS])).limit(1)
    if current_settings().is_production and session().scalar(known) is not None:
        raise PortalError("The demo's people are in this database; production needs one of its own.")


def remove_demo(now: datetime) -> None:
    """Empty every table. Raises PortalError in production and where there is anybody but the demo's people."""
    if current_settings().is_production:
        raise PortalError("The demo is not for production.")
    with transaction() as own:
        for table in reversed(Model.metadata.sorted_tables):
            own.execute(table.delete())
    end_reading()
