"""What people in the demo ask each other, what they said on the telephone, and promises that were kept by nobody."""

from datetime import timedelta

from portal.applications.actions.calling import Call, log_call
from portal.applications.actions.noting import break_silence
from portal.applications.queries import StaffScope, StaffView
from portal.applications.states import Channel, EventKind
from portal.company.rules import working_days_after
from portal.conversations.actions import ask, note_read, send_reply
from portal.conversations.queries import Thread, find_thread
from portal.conversations.rules import Reply
from portal.core.db import end_reading
from portal.core.errors import PortalError
from portal.core.permissions import Role
from portal.demo import data
from portal.demo.actions.story import Story, application_at, at, deliver, open_ones, view_of

#: Working days before today on which the worker looked at those whom everybody forgot, and how many they are.
_SILENT_DAYS, _FORGOTTEN_COUNT = 12, 2
_AFTER_WORK = 18


def forget_some(story: Story) -> None:
    """Promises pass without a word: two automatic notes to each, and about the longest silence the lead is asked."""
    promised = [view for view in open_ones(story) if view.next_update_by]
    forgotten = sorted(promised, key=lambda view: view.next_update_by or story.today)[:_FORGOTTEN_COUNT]
    for days in range(_SILENT_DAYS, 0, -1):
        with at(story.moment(story.days_ago(days), _AFTER_WORK)) as moment:
            for view in forgotten:
                break_silence(view.id, moment)
                end_reading()
            deliver()


def talk(story: Story) -> None:
    """Ada asks, Rita has read it and answers, and Ada's next question waits; somebody was rung."""
    ada = view_of(story, application_at("ada@demo.example"))
    scope = StaffScope(story.staff["rita"], Role.RECRUITER)
    with at(story.moment(story.days_ago(2), 17)) as moment:
        ask(ada.person_id, text=data.ADA_ASKS, application=ada.public_id, form_key="demo-1", now=moment)
    with at(story.moment(story.days_ago(1), 10)) as moment:
        seen = _thread(ada, scope).messages[-1].public_id
        note_read(ada.person_public_id, scope=scope, seen_id=seen, now=moment)
        reply = Reply(data.RITA_ANSWERS, ada.public_id)
        send_reply(
            ada.person_public_id, scope=scope, reply=reply, seen_id=seen, form_key="demo-2", is_hurried=True, now=moment
        )
        deliver()
    with at(story.moment(story.days_ago(1), 20)) as moment:
        ask(ada.person_id, text=data.ADA_ASKS_AGAIN, application=ada.public_id, form_key="demo-3", now=moment)
    _ring(story, scope)


def _ring(story: Story, scope: StaffScope) -> None:
    """Rita rings somebody whose day is still to come, and says so on their page."""
    rung = next(
        view
        for view in open_ones(story, "rita")
        if view.kind is not EventKind.ESCALATED
        and view.email != "ada@demo.example"
        and view.next_update_by is not None
        and view.next_update_by > story.today + timedelta(days=3)
        and not any(event.is_on_its_way for event in view.events)
    )
    with at(story.moment(story.days_ago(1), 15)) as moment:
        soon = working_days_after(story.today, 1, story.calendar)[0]
        call = Call(Channel.TELEPHONE, story.days_ago(1), data.RUNG_WORDS, soon, "")
        log_call(rung.public_id, call, scope=scope, seen_event_id=rung.newest_event_id, now=moment)
        end_reading()


def _thread(view: StaffView, scope: StaffScope) -> Thread:
    found = find_thread(view.person_public_id, scope)
    if found is None:
        raise PortalError("The demo lost one of its conversations.")
    return found
