"""A no that was said after a backup is still a no when the backup was restored."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from portal.backup.actions import back_up, restore
from portal.contact.actions import change_preferences, choose, stop, stop_everything, stop_surveys
from portal.contact.actions.consents import let_run_out
from portal.contact.queries import consent_states, contact_preferences
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock
from portal.core.db import end_reading
from portal.privacy.adapters import journal_path, read_journal
from tests import factories
from tests.accounts.visitors import ADA, join
from tests.backup.elsewhere import another_site
from tests.conftest import Time
from tests.privacy.erasing import journal

__all__ = ["journal"]
pytestmark = pytest.mark.usefixtures("journal")
UPDATES, ALERTS = Purpose.INSIDER_UPDATES, Purpose.JOB_ALERTS


@pytest.fixture
def ada(app: Flask) -> int:
    """She agreed to two kinds of mail."""
    person_id = join()
    for purpose in (UPDATES, ALERTS):
        choose(person_id, purpose, True, source="/join", now=clock.now())
    return person_id


@pytest.fixture
def elsewhere(
    ada: int, database: str, tmp_path: Path, postgresql_url: Callable[[], str], time: Time
) -> Iterator[Callable[[], int]]:
    """Restores a backup from before an hour ago on another machine, with the journal of now; how many refused."""
    target = tmp_path / "today.rapport"
    back_up(target, clock.now())
    time.pass_by(hours=1)
    with_journal = tmp_path / "kept.journal"

    def restored() -> int:
        end_reading()
        if journal_path().exists():
            with_journal.write_bytes(journal_path().read_bytes())
        stack.append(another_site(database, tmp_path, postgresql_url))
        stack[-1].__enter__()
        journals = [with_journal] if with_journal.exists() else []
        return restore(target, journals=journals, may_replace=False, now=clock.now()).refused_count

    stack: list = []
    yield restored
    for entered in stack:
        entered.__exit__(None, None, None)


def says(ada: int, purpose: Purpose) -> ConsentAction:
    end_reading()
    return consent_states(ada)[purpose].action


def test_a_no_to_one_topic_holds_and_the_other_yes_too(ada: int, elsewhere: Callable[[], int]) -> None:
    stop(ada, [UPDATES], source="/mail", now=clock.now())
    said_at = clock.now()
    assert elsewhere() == 1
    assert (says(ada, UPDATES), says(ada, ALERTS)) == (ConsentAction.WITHDRAWN, ConsentAction.GIVEN)
    assert consent_states(ada)[UPDATES].decided_by.occurred_at == said_at


def test_stopping_everything_holds_for_surveys_as_well(ada: int, elsewhere: Callable[[], int]) -> None:
    stop_everything(ada, source="/mail", now=clock.now())
    assert elsewhere() == 1
    assert {says(ada, purpose) for purpose in Purpose} == {ConsentAction.WITHDRAWN}
    assert contact_preferences(ada).is_without_surveys


def test_a_yes_after_the_no_is_not_turned_into_a_no(ada: int, elsewhere: Callable[[], int], time: Time) -> None:
    stop(ada, [UPDATES], source="/mail", now=clock.now())
    stop_surveys(ada, clock.now())
    time.pass_by(minutes=5)
    choose(ada, UPDATES, True, source="/me/preferences", now=clock.now())
    wanted = replace(contact_preferences(ada), is_without_surveys=False)
    change_preferences(ada, wanted, clock.now())
    assert elsewhere() == 0
    assert says(ada, UPDATES) is ConsentAction.GIVEN
    assert not contact_preferences(ada).is_without_surveys


def test_what_ran_out_is_over_after_a_restore_too(ada: int, elsewhere: Callable[[], int]) -> None:
    let_run_out(ada, clock.now())
    assert elsewhere() == 1
    assert (says(ada, UPDATES), says(ada, ALERTS)) == (ConsentAction.EXPIRED, ConsentAction.EXPIRED)


def test_a_yes_after_it_ran_out_stands(ada: int, elsewhere: Callable[[], int], time: Time) -> None:
    let_run_out(ada, clock.now())
    time.pass_by(minutes=5)
    choose(ada, UPDATES, True, source="/me/preferences", now=clock.now())
    assert elsewhere() == 1
    assert (says(ada, UPDATES), says(ada, ALERTS)) == (ConsentAction.GIVEN, ConsentAction.EXPIRED)


def test_who_joined_anew_since_is_not_held_to_what_was_said_before(ada: int, elsewhere: Callable[[], int]) -> None:
    """The journal of another database knows the address from long ago."""
    line = journal_path()
    stop(ada, [UPDATES], source="/mail", now=clock.now())
    long_ago = (clock.now() - timedelta(days=400)).isoformat()
    content = line.read_text().replace(clock.now().isoformat(), long_ago)
    line.write_text(content.replace(factories.public_id_of(ada), "someoneelse1"))
    assert elsewhere() == 0
    assert says(ada, UPDATES) is ConsentAction.GIVEN


def test_the_journal_names_nobody_and_no_refusal_is_read_as_an_erasure(ada: int) -> None:
    stop_everything(ada, source="/mail", now=clock.now())
    assert ADA not in journal_path().read_text()
    assert read_journal(journal_path()) == []
