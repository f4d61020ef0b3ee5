"""Offers of the demo: one that was declined, one that was accepted, and one that somebody thinks about."""

from datetime import datetime

from portal.applications.queries import StaffView
from portal.company.rules import working_days_after
from portal.core.clock import day_of
from portal.core.db import end_reading
from portal.core.errors import PortalError
from portal.core.identifiers import new_public_id
from portal.demo.actions.interviews import last_of
from portal.demo.actions.story import Story, at, deliver, ready_for, scope_of
from portal.demo.data import interviewed
from portal.offers.actions import Saying, accept_offer, decline_offer, say
from portal.offers.queries import find_own_offer
from portal.offers.rules import Answer, Terms
from portal.offers.states import WordKind

_MORNING, _EVENING = 11, 20
#: Working days to decide.
_DAYS = 7


def make_offers(story: Story) -> None:
    """Rita makes them to people about whom she was to decide."""
    for one in interviewed.OFFERS:
        moment = story.moment(story.days_ago(one.made_days_ago), _MORNING)
        view = _somebody(story, moment)
        _make(story, view, moment)
        if one.answered_days_ago:
            _answer(story, view, one)


def _somebody(story: Story, moment: datetime) -> StaffView:
    """Somebody about whom Rita decides, or whom she meets where there is nobody left."""
    for standing in ("decision_pending", "interviewing"):
        found = list(ready_for(story, "rita", standing, moment))
        if found:
            return last_of(iter(found))
    raise PortalError("The demo has nobody left to make an offer to.")


def _make(story: Story, view: StaffView, moment: datetime) -> None:
    terms = Terms(
        title=view.opening_title,
        terms=interviewed.OFFER_TERMS,
        decide_by=working_days_after(day_of(moment, story.zone), _DAYS, story.calendar)[-1],
        short_reason="",
        contact_id=story.staff["rita"],
        contact_phone=interviewed.PHONE,
        words=interviewed.OFFER_WORDS.format(name=view.person_name),
    )
    with at(moment):
        saying = Saying(
            view.public_id, scope_of(story, "rita"), WordKind.MADE, "", new_public_id(), moment, True, terms
        )
        say(saying)
        end_reading()
        deliver()


def _answer(story: Story, view: StaffView, one: interviewed.Offered) -> None:
    """They say yes or no on their page."""
    with at(story.moment(story.days_ago(one.answered_days_ago), _EVENING)) as moment:
        own = find_own_offer(view.person_id, view.public_id)
        if own is None:
            raise PortalError("The demo lost one of its offers.")
        answer = Answer(own.version.public_id, one.answer, one.reason)
        end_reading()
        tell = accept_offer if one.is_accepted else decline_offer
        tell(view.person_id, view.public_id, answer, moment)
        end_reading()
        deliver()
