"""What colleagues write, to one candidate: letters, moves, delays, calls, replies, and what takes them back."""

from contextlib import suppress
from dataclasses import replace
from datetime import date

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from portal.applications.actions import (
    AnotherWay,
    move_application,
    send_letter_now,
    take_back_letter,
    tell_another_way,
    throw_draft_away,
    untold_letter,
    write_to_candidate,
)
from portal.applications.actions.calling import Call, LetterWaits, log_call
from portal.applications.actions.reverting import revert_ending
from portal.applications.rules import Proposal, ProposalRefused
from portal.applications.states import END_REASONS, OPEN_STATUSES, STEPS, ApplicationStatus, Channel
from portal.conversations.actions import send_reply, take_back_reply
from portal.conversations.queries import find_thread
from portal.conversations.rules import GoneAlready as AnswerGoneAlready
from portal.conversations.rules import Reply
from portal.core import clock
from portal.core.db import end_reading
from tests.applications.machine.candidates import PLACE
from tests.applications.machine.oracle import By, Told, Word
from tests.applications.machine.world import REFUSALS, World

AHEAD = st.integers(1, 8)
WHO = st.integers(0, 2)


class Colleagues(World):
    """What somebody who works here does about one application."""

    @precondition(lambda self: self.told)
    @rule(place=PLACE, who=WHO, status=st.sampled_from(ApplicationStatus), ahead=AHEAD, is_hurried=st.booleans())
    def writes(self, place: int, who: int, status: ApplicationStatus, ahead: int, is_hurried: bool) -> None:
        told, mark = self.one(place), f"Word-{self.new_name()}"
        view = self.view(told)
        day = self.working_day(ahead) if status in OPEN_STATUSES else None
        proposal = Proposal(
            status,
            f"We say {mark}.",
            day,
            "It takes longer.",
            end_reason=END_REASONS[status][0] if status in END_REASONS else None,
            channel=Channel.TELEPHONE if status in END_REASONS else None,
        )
        self.tries(
            told,
            self.a_word(status, day, mark),
            lambda: write_to_candidate(
                told.public_id,
                scope=self.scope(who),
                proposal=proposal,
                seen_event_id=view.newest_event_id,
                now=clock.now(),
                is_hurried=is_hurried,
            ),
            REFUSALS,
        )

    @precondition(lambda self: self.told)
    @rule(place=PLACE, who=WHO, status=st.none() | st.sampled_from(STEPS), ahead=AHEAD, is_hurried=st.booleans())
    def moves(self, place: int, who: int, status: ApplicationStatus | None, ahead: int, is_hurried: bool) -> None:
        """In the company's words; no `status`: only the day."""
        told = self.one(place)
        view = self.view(told)
        step, day = status or view.standing, self.working_day(ahead)
        proposal = Proposal(step, "", day, "It takes longer.")
        self.tries(
            told,
            self.a_word(step, day, ""),
            lambda: move_application(
                told.public_id,
                scope=self.scope(who),
                proposal=proposal,
                seen_event_id=view.newest_event_id,
                now=clock.now(),
                is_hurried=is_hurried,
            ),
            REFUSALS,
        )

    @precondition(lambda self: self.told)
    @rule(place=PLACE, who=WHO, ahead=AHEAD)
    def reverts(self, place: int, who: int, ahead: int) -> None:
        told, day, mark = self.one(place), self.working_day(ahead), f"Word-{self.new_name()}"
        view = self.view(told)
        proposal = Proposal(ApplicationStatus.IN_REVIEW, f"A mistake, {mark}.", day, "It takes longer.")
        has_gone = self.tries(
            told,
            self.a_word(ApplicationStatus.IN_REVIEW, day, mark),
            lambda: revert_ending(
                told.public_id,
                scope=self.scope(who),
                proposal=proposal,
                seen_event_id=view.newest_event_id,
                now=clock.now(),
            ),
            REFUSALS,
        )
        assert not (has_gone and told.is_open), "there was no ending to take back"

    @precondition(lambda self: self.told)
    @rule(place=PLACE, who=WHO, ahead=AHEAD)
    def rings(self, place: int, who: int, ahead: int) -> None:
        told, day, mark = self.one(place), self.working_day(ahead), f"Word-{self.new_name()}"
        view = self.view(told)
        if view.status not in OPEN_STATUSES:
            return
        call = Call(Channel.TELEPHONE, self.today(), f"We spoke of {mark}.", day, "It takes longer.")
        with suppress(LetterWaits):
            log_call(
                told.public_id,
                call,
                scope=self.scope(who),
                seen_event_id=view.newest_event_id,
                now=clock.now(),
            )
            self.is_said(told, self.a_word(view.status, day, mark))
            self.has_worked = False

    @precondition(lambda self: self.told)
    @rule(place=PLACE, who=WHO, ahead=st.none() | AHEAD, is_hurried=st.booleans())
    def replies(self, place: int, who: int, ahead: int | None, is_hurried: bool) -> None:
        """In the conversation; about an open application it is a word of a person with a day of its own."""
        told = self.one(place)
        end_reading()
        view = self.view(told)
        thread = find_thread(view.person_public_id, self.scope(who))
        assert thread is not None
        is_about = view.status in OPEN_STATUSES and not any(one.is_on_its_way for one in view.events)
        day = self.reply_day(view.expected_on, ahead) if is_about else None
        mark = f"{'Word' if day else 'Aside'}-{self.new_name()}"
        before = self.newest_delivery()
        send_reply(
            thread.public_id,
            scope=self.scope(who),
            reply=Reply(f"You ask, {mark}.", told.public_id, day, "It takes longer." if day else ""),
            seen_id=thread.newest_id,
            form_key=mark,
            is_hurried=is_hurried,
            now=clock.now(),
        )
        if day is not None:
            self.is_written(told, replace(self.a_word(view.status, day, mark), is_reply=True), before)
        self.has_worked = False

    def reply_day(self, promised: date | None, ahead: int | None) -> date:
        """The day that was promised while that is still to come, if none is chosen."""
        if ahead is None and promised is not None and promised >= self.today():
            return promised
        return self.working_day(ahead or 1)

    @precondition(lambda self: self.told)
    @rule(place=PLACE, who=WHO, what=st.sampled_from(("back", "back", "reply back", "now", "throw away")))
    def thinks_again(self, place: int, who: int, what: str) -> None:
        """What waits is taken back or goes at once; a draft that is left is thrown away."""
        told = self.one(place)
        self.has_worked = False
        if what == "throw away":
            throw_draft_away(told.public_id, scope=self.scope(who))
        elif what == "reply back":
            self.takes_the_reply_back(told, who)
        elif what == "back":
            self.takes_back(told, who)
        else:
            self.sends_now(told, who)

    def takes_the_reply_back(self, told: Told, who: int) -> None:
        thread = find_thread(self.view(told).person_public_id, self.scope(who))
        ours = [one for one in thread.messages if one.delivery_id is not None] if thread else []
        if thread is not None and ours:
            with suppress(AnswerGoneAlready):
                take_back_reply(thread.public_id, ours[-1].public_id, scope=self.scope(who), now=clock.now())

    def takes_back(self, told: Told, who: int) -> None:
        waiting = next((event for event in self.view(told).events if event.may_be_taken_back), None)
        if waiting is not None:
            take_back_letter(told.public_id, waiting.public_id, scope=self.scope(who), now=clock.now())
            assert all(event.public_id != waiting.public_id for event in self.view(told).events)

    def sends_now(self, told: Told, who: int) -> None:
        waiting = next((event for event in self.view(told).events if event.waits_until is not None), None)
        if waiting is not None:
            send_letter_now(told.public_id, waiting.public_id, scope=self.scope(who), now=clock.now())

    @precondition(lambda self: self.told)
    @rule(place=PLACE, who=WHO, by=st.none() | st.sampled_from((Channel.TELEPHONE, Channel.LETTER)), ahead=AHEAD)
    def tells_another_way(self, place: int, who: int, by: Channel | None, ahead: int) -> None:
        """Their letter did not arrive: somebody rang, or the page tells them."""
        told = self.one(place)
        letter = untold_letter(self.view(told))
        if letter is None:
            return
        day = None if letter.status not in OPEN_STATUSES else self.working_day(ahead)
        way = AnotherWay(by, self.today() if by else None, day, "It takes longer.")
        with suppress(ProposalRefused):
            tell_another_way(told.public_id, letter.public_id, way, scope=self.scope(who), now=clock.now())
            self.is_said(told, Word(By.PERSON, letter.status, day, self.marks_of_letter(told, letter.message)))
            self.has_worked = False

    def marks_of_letter(self, told: Told, message: str) -> set[str]:
        """Of a letter to many nothing is known before it arrives but what was written for all of them."""
        written = {mark for word in told.words for mark in word.marks} | set(self.for_many)
        return {mark for mark in written if f" {mark}." in message}
