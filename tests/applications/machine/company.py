"""What happens to many or to all: imports, delays and endings for many, the opening, colleagues, days off."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from portal.applications.actions import (
    Delay,
    ImportedApplication,
    add_imported,
    release_import,
    report_change,
    tell_of_delay,
)
from portal.applications.actions.closing import EndingForMany, close_opening, end_many, take_endings_back
from portal.applications.actions.elsewhere import refuse_told_elsewhere
from portal.applications.actions.following_source import refuse_move
from portal.applications.actions.moving_many import begin_change, go_on_with_change, take_change_back
from portal.applications.actions.reassigning import NotAnOwner, reassign_applications
from portal.applications.queries import StaffFilter, StaffScope
from portal.applications.queries.changes import find_change, unfinished_changes
from portal.applications.queries.delaying import affected_by_delay
from portal.applications.queries.finishing import find_round, in_opening
from portal.applications.queries.pipeline import chosen
from portal.applications.rules.finishing import StillOpen
from portal.applications.rules.pipeline import Change
from portal.applications.states import END_REASONS, ENDINGS, STEPS, ApplicationStatus, ManyKind
from portal.company.actions import change_settings
from portal.company.rules import version_of
from portal.company.states import Setting
from portal.core import clock
from portal.core.db import end_reading, session
from portal.openings.actions import open_again, stop_accepting
from portal.openings.rules import MoveRefused
from portal.openings.states import OpeningState, WhyAgain
from portal.people.actions import note_absence, remove_absence
from portal.people.models import StaffAbsence
from portal.people.queries import find_staff
from portal.people.rules import AbsenceRefused
from portal.privacy.actions import let_go
from tests.applications.machine.candidates import MOST, PLACE
from tests.applications.machine.colleagues import AHEAD, WHO
from tests.applications.machine.oracle import By, Source, Told, Word
from tests.applications.machine.world import World

FOR_MANY = (ApplicationStatus.NOT_SELECTED, ApplicationStatus.OPENING_CANCELLED)
_MOST_DAYS_OFF = 3


class Company(World):
    """Imports, changes of many, the opening's own life, who works here and when."""

    @precondition(lambda self: len(self.told) < MOST)
    @rule(status=st.sampled_from((*STEPS, *STEPS, ApplicationStatus.NOT_SELECTED)), days=st.integers(0, 12))
    def imports(self, status: ApplicationStatus, days: int) -> None:
        was_finished = self.opening_state() is OpeningState.FINISHED
        person_id, email, zone = self.somebody()
        day = None if status in ENDINGS else self.today() + timedelta(days=days)
        imported = ImportedApplication(
            person_id=person_id,
            opening_id=self.opening_id,
            owner_id=self.scope(0).person_id,
            source="greenhouse",
            external_key=f"key-{self.count}",
            applied_on=None,
            last_activity_on=None,
            channel="",
            tags=(),
            source_stage="",
            source_status="",
            source_reason="",
            status=status,
            next_update_by=day,
            import_ref=f"import-{self.count}",
        )
        told = Told(person_id, add_imported(imported, clock.now()), email, zone, imported.import_ref, day is not None)
        self.told.append(told)
        self.is_said(told, Word(By.IMPORT, status, day))
        if was_finished and day is not None:
            assert self.opening_state() is not OpeningState.FINISHED, "somebody waits in it"
        self.has_worked = False

    @precondition(lambda self: any(one.is_held for one in self.told))
    @rule()
    def releases(self) -> None:
        told = next(one for one in self.told if one.is_held)
        release_import(told.import_ref, self.admin, clock.now())
        told.is_held = False
        self.has_worked = False

    @precondition(lambda self: self.told)
    @rule(place=PLACE, status=st.sampled_from(ApplicationStatus), has_told_them=st.booleans())
    def imports_again(self, place: int, status: ApplicationStatus, has_told_them: bool) -> None:
        """The other system says how it stands there now; that alone changes no page."""
        told = self.one(place)
        view = self.view(told)
        is_news = told.is_open and status is not view.status
        report_change(
            view.id,
            source_stage="",
            source_status=str(status),
            source_reason="",
            last_activity_on=None,
            is_told_differently=is_news,
            now=clock.now(),
            ended_as=status if is_news and status in ENDINGS else None,
            has_told_them=has_told_them,
            moves_to=status if is_news and status not in ENDINGS else None,
        )
        told.source = self.said(told.source, status, has_told_them) if is_news else Source()
        self.has_worked = False

    def said(self, before: Source, status: ApplicationStatus, has_told_them: bool) -> Source:
        """It counts from when it was said first, as long as nothing else was said in between."""
        is_ending = status in ENDINGS
        if is_ending and before.has_told_them:
            return Source(status, True, before.since)
        is_said_again = not is_ending and before.status is status
        return Source(status, is_ending and has_told_them, before.since if is_said_again else clock.now())

    @precondition(lambda self: self.told)
    @rule(place=PLACE, who=WHO, is_ending=st.booleans())
    def knows_better_than_the_import(self, place: int, who: int, is_ending: bool) -> None:
        told = self.one(place)
        refuse = refuse_told_elsewhere if is_ending else refuse_move
        if refuse(told.public_id, scope=self.scope(who), now=clock.now()):
            told.source = Source()
        self.has_worked = False

    # Many at once.

    @precondition(lambda self: self.told)
    @rule(place=PLACE, who=WHO, ahead=st.integers(1, 20), is_for_all=st.booleans(), is_taken_back=st.booleans())
    def takes_longer(self, place: int, who: int, ahead: int, is_for_all: bool, is_taken_back: bool) -> None:
        """A delay notice, for one or for everybody affected."""
        day, scope, before = self.working_day(ahead), self.scope(who), self.newest_delivery()
        only = "" if is_for_all else self.one(place).public_id
        affected = affected_by_delay(StaffFilter(), scope, self.today(), day, only)
        delay = Delay(day, "There is so much to read.")
        standing = {one.public_id: self.view(one).standing for one in self.told}
        change_id = tell_of_delay(affected, scope=scope, delay=delay, now=clock.now())
        self.has_worked = False
        if is_taken_back:
            end_reading()
            view = find_change(change_id, scope.person_id)
            assert view is not None
            assert take_change_back(view, scope=scope, now=clock.now()) == view.told_count
            return
        for told in self.told:
            for delivery_id in self.letters_after(before, told):
                self.remember(told, self.a_word(standing[told.public_id], day, ""), delivery_id)

    @precondition(lambda self: self.told)
    @rule(
        who=WHO,
        kind=st.sampled_from((ManyKind.DELAY, ManyKind.WRITE)),
        ahead=AHEAD,
        is_taken_back=st.booleans(),
    )
    def changes_many(self, who: int, kind: ManyKind, ahead: int, is_taken_back: bool) -> None:
        scope, before, mark = self.scope(who), self.newest_delivery(), f"Word-{self.new_name()}"
        people = chosen(None, [one.public_id for one in self.told], self.opening_id, scope, self.today())
        day, standing = self.working_day(ahead), {one.public_id: self.view(one).standing for one in self.told}
        message = f"All of you, {mark}." if kind is ManyKind.WRITE else ""
        change_id = begin_change(
            Change(kind, None, message, day, "It takes longer."),
            people,
            opening_id=self.opening_id,
            scope=scope,
            now=clock.now(),
        )
        for one in unfinished_changes():
            go_on_with_change(one, clock.now(), len(self.told))
        end_reading()
        self.has_worked = False
        if is_taken_back:
            view = find_change(change_id, scope.person_id)
            assert view is not None
            take_change_back(view, scope=scope, now=clock.now())
        for told in self.told:
            for delivery_id in self.letters_after(before, told):
                word = self.a_word(standing[told.public_id], day, mark if kind is ManyKind.WRITE else "")
                self.remember(told, word, delivery_id)

    @precondition(lambda self: self.told)
    @rule(who=WHO, outcome=st.none() | st.sampled_from(FOR_MANY))
    def ends_many(self, who: int, outcome: ApplicationStatus | None) -> None:
        """A job writes the letters; no outcome: those that were written last are taken back."""
        self.has_worked = False
        if outcome is None:
            self.takes_the_endings_back(self.scope(who))
            return
        scope, mark = self.scope(who), f"Word-{self.new_name()}"
        end_reading()
        seen = {one.public_id: one.newest_event_id for one in in_opening(self.opening_id, scope) if one.is_to_do}
        if seen:
            ending = EndingForMany(outcome, END_REASONS[outcome][0], "", f"Hello {{name}}, {mark}.")
            self.rounds.append(end_many(self.opening_id, seen, ending, scope=scope, now=clock.now()))
            self.for_many[mark] = outcome

    def takes_the_endings_back(self, scope: StaffScope) -> None:
        end_reading()
        found = find_round(self.rounds[-1]) if self.rounds else None
        if found is not None:
            take_endings_back(found, scope=scope, now=clock.now())

    # The opening.

    @rule(who=WHO, what=st.sampled_from(("stop", "finish", "open again")))
    def the_opening_changes(self, who: int, what: str) -> None:
        before = self.opening_state()
        with suppress(StillOpen, MoveRefused):
            if what == "stop":
                stop_accepting(self.opening_id, actor_id=self.admin, now=clock.now())
                assert before is OpeningState.PUBLISHED
            elif what == "finish":
                waiting = [one for one in self.told if one.is_open]
                close_opening(self.opening_name, scope=self.scope(who), now=clock.now())
                assert before is not OpeningState.PUBLISHED
                assert not waiting, "somebody lacks an ending"
            else:
                open_again(self.opening_id, why=WhyAgain.BY_MISTAKE, actor_id=self.admin, now=clock.now())
                assert before is OpeningState.FINISHED

    # Colleagues and the calendar.

    @rule(
        who=WHO, place=PLACE, days=st.integers(1, 9), what=st.sampled_from(("leaves", "gives", "away", "back", "off"))
    )
    def at_the_office(self, who: int, place: int, days: int, what: str) -> None:
        """Somebody leaves, gives an application to a colleague, is away or back; a day is off, or not."""
        self.has_worked = False
        if what == "leaves":
            self.somebody_leaves()
        elif what == "gives" and self.told:
            self.gives_to_a_colleague(self.one(place), who)
        elif what == "away":
            self.is_away(who, days)
        elif what == "back":
            self.is_back()
        elif what == "off":
            self.is_a_day_off(days)

    def somebody_leaves(self) -> None:
        """Whoever is first; what they looked after goes to the next."""
        here = self.here()
        if len(here) > 1:
            let_go(here[0], here[1], self.admin, clock.now())

    def gives_to_a_colleague(self, told: Told, who: int) -> None:
        scope = self.scope(who)
        end_reading()
        people = chosen(None, [told.public_id], self.opening_id, scope, self.today())
        to = find_staff(scope.person_id)
        assert to is not None
        with suppress(NotAnOwner):
            reassign_applications(
                people,
                to_public_id=to.public_id,
                opening_id=self.opening_name,
                opening_title="Data Analyst",
                scope=scope,
                now=clock.now(),
            )

    def is_away(self, who: int, days: int) -> None:
        here = self.here()
        away, stand_in = here[who % len(here)], here[(who + 1) % len(here)]
        until = self.today() + timedelta(days=days)
        with suppress(AbsenceRefused):
            note_absence(away, stand_in, self.today(), until, actor_id=self.admin, today=self.today(), now=clock.now())

    def is_back(self) -> None:
        end_reading()
        row = session().scalars(select(StaffAbsence).order_by(StaffAbsence.id)).first()
        if row is not None:
            remove_absence(row.public_id, row.person_id, self.admin, clock.now())

    def is_a_day_off(self, ahead: int) -> None:
        """One more, or all of them are taken away again."""
        before = self.own_days()
        if len(self.days_off) < _MOST_DAYS_OFF:
            self.days_off.add(self.today() + timedelta(days=ahead))
        else:
            self.days_off.clear()
        seen = version_of({Setting.OWN_DAYS: before})
        change_settings({Setting.OWN_DAYS: self.own_days()}, seen, actor_id=self.admin, now=clock.now())

    def own_days(self) -> list[dict[str, str]]:
        return [{"on": day.isoformat(), "name": "A day off"} for day in sorted(self.days_off)]
