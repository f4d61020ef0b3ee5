"""Writing feedback: one draft for several colleagues, the check of words, what must be said before it is handed in."""

from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Select, func, select

from portal.applications.models import ApplicationEvent
from portal.applications.states import ApplicationStatus
from portal.company.states import FeedbackWay
from portal.core import clock
from portal.core.db import transaction
from portal.core.permissions import Role
from portal.feedback.actions.writing import hand_in, save_feedback
from portal.feedback.models import FeedbackDebt
from portal.feedback.rules.writing import (
    FeedbackRefused,
    FeedbackWords,
    NotNow,
    StaleFeedback,
    cleaned,
    lacking,
)
from portal.feedback.states import DebtState, FeedbackForm, FeedbackState
from portal.interviews.models import Interview, PanelNote
from portal.interviews.states import Relationship
from portal.people.models import Staff
from tests.factories import signed_in
from tests.feedback.written import (
    SECRET,
    WORDS,
    draft,
    end,
    handed_in,
    mails,
    make_people,
    open_tasks,
    row,
    scope,
    sent,
    written,
)

pytestmark = pytest.mark.both_in_soak

NOT_SELECTED = ApplicationStatus.NOT_SELECTED


def page_of(public_id: str) -> str:
    return f"/recruiting/applications/{public_id}/feedback"


def test_a_hiring_manager_writes_sees_it_as_they_will_and_hands_it_in(app: Flask) -> None:
    people = make_people()
    hugo = signed_in(app, people.hugo)
    page = hugo.get(page_of(people.ada.public_id))
    assert "Asks why" in page.body
    assert "Patience" in page.body
    values = {name: getattr(WORDS, name) for name in ("strong", "criterion", "missing", "try_this")}
    page = hugo.submit(page, having="strong", button="preview", **values)
    assert page.heading == "What Ada Lind will read"
    assert WORDS.strong in page.text
    assert "The opening asks for: SQL" in page.text
    assert "Rita Sander is asked to approve it" in page.text
    page = hugo.submit(page, having="revision", button="Hand it in")
    assert "It waits to be approved" in page.text
    assert row(people).state is FeedbackState.FOR_APPROVAL
    assert open_tasks() == [people.rita]
    (mail,) = mails("feedback/to_approve")
    assert mail.to_address == "rita@example.org"
    assert "Ada" not in mail.text + mail.subject
    assert SECRET not in mail.text.lower()


def test_a_draft_may_lack_anything_and_nothing_is_made_of_an_empty_page(app: Flask) -> None:
    people = make_people()
    hugo = signed_in(app, people.hugo)
    page = hugo.get(page_of(people.ada.public_id))
    page = hugo.submit(page, having="strong")
    assert "Nothing was written yet" in page.text
    assert written(people) is None
    page = hugo.submit(page, having="strong", strong="You asked first.")
    assert "Saved as a draft" in page.text
    assert row(people).author_id == people.hugo


def test_half_of_a_pair_is_saved_and_said_beside_the_field_that_lacks(app: Flask) -> None:
    people = make_people()
    hugo = signed_in(app, people.hugo)
    page = hugo.get(page_of(people.ada.public_id))
    page = hugo.submit(page, having="strong", strong="You asked first.", missing="Window functions.")
    assert "Before it can go: Choose which criterion it is about" in page.text
    assert row(people).missing == "Window functions."
    assert page.tree is not None
    (hint,) = (one for one in page.tree.iter() if one.get("id") == "criterion-hint")
    assert "Choose which criterion it is about" in "".join(hint.itertext())
    page = hugo.submit(page, having="strong", criterion="SQL", resource_url="https://sql.example")
    assert "Before it can go: Say in a few words what the link leads to." in page.text
    assert "Choose which criterion" not in page.text
    page = hugo.submit(page, having="strong", resource="Exercises.")
    assert "Saved as a draft. No candidate can read it." in page.text


def test_who_saves_over_a_colleague_is_shown_both_and_loses_nothing(app: Flask) -> None:
    people = make_people()
    draft(people)
    hugo, rita = signed_in(app, people.hugo), signed_in(app, people.rita)
    mine = hugo.get(page_of(people.ada.public_id))
    theirs = rita.get(page_of(people.ada.public_id))
    rita.submit(theirs, having="strong", try_this="Read one plan a week.")
    page = hugo.submit(mine, having="strong", try_this="Draw the query first.", expect=409)
    assert "Rita Sander saved this feedback while your page was open" in page.text
    assert "Read one plan a week." in page.text
    assert "Draw the query first." in page.body
    assert row(people).try_this == "Read one plan a week."
    hugo.submit(page, having="strong")
    assert row(people).try_this == "Draw the query first."
    assert row(people).author_id == people.hugo


def test_it_saves_itself_and_says_what_is_wrong(app: Flask) -> None:
    people = make_people()
    hugo = signed_in(app, people.hugo)
    page = hugo.get(page_of(people.ada.public_id))
    form = page.form(having="strong")
    headers = {"X-Requested-With": "autosave"}
    answer = hugo.client.post(page.path, data={**form.values, "strong": "You asked."}, headers=headers)
    assert answer.get_json()["revision"] == 1
    answer = hugo.client.post(page.path, data={**form.values, "strong": "You asked twice."}, headers=headers)
    assert answer.status_code == 409
    wrong = {**form.values, "revision": "1", "strong": "You asked.", "resource_url": "javascript:alert(1)"}
    answer = hugo.client.post(page.path, data=wrong, headers=headers)
    assert answer.status_code == 422
    assert "resource_url" in answer.get_json()["errors"]


def test_a_link_that_is_none_is_refused_beside_its_field_and_what_was_typed_stays(app: Flask) -> None:
    people = make_people()
    hugo = signed_in(app, people.hugo)
    page = hugo.get(page_of(people.ada.public_id))
    page = hugo.submit(page, having="strong", strong="You asked first.", resource_url="ftp://books", expect=422)
    assert "beginning with https://" in page.text
    assert "You asked first." in page.body
    assert "ftp://books" in page.body


def test_comparisons_and_protected_words_go_on_only_with_a_reason_that_the_approver_reads(app: Flask) -> None:
    people = make_people()
    draft(people, replace(WORDS, missing="Other candidates knew window functions."))
    hugo = signed_in(app, people.hugo)
    page = hugo.get(page_of(people.ada.public_id) + "/preview")
    assert "“Other candidates” in: What was missing" in page.text
    page = hugo.submit(page, having="lint_reason", expect=422)
    assert "Say why these words should stand" in page.text
    page = hugo.submit(page, having="lint_reason", lint_reason="They asked how the others did it.")
    assert row(people).state is FeedbackState.FOR_APPROVAL
    rita = signed_in(app, people.rita)
    page = rita.get(page_of(people.ada.public_id) + "/approve")
    assert "They asked how the others did it." in page.text


def test_vague_praise_and_jargon_are_named_and_stop_nobody(app: Flask) -> None:
    people = make_people()
    draft(people, replace(WORDS, strong="Great job. You are a culture fit."))
    hugo = signed_in(app, people.hugo)
    page = hugo.get(page_of(people.ada.public_id) + "/preview")
    assert "“Great job” in: What was strong" in page.text
    assert "“culture fit”" in page.text
    assert "lint_reason" not in page.body
    hugo.submit(page, having="revision", button="Hand it in")
    assert row(people).state is FeedbackState.FOR_APPROVAL


def test_the_check_says_what_it_cannot_do(app: Flask) -> None:
    people = make_people()
    draft(people)
    page = signed_in(app, people.hugo).get(page_of(people.ada.public_id))
    assert "No word stood out." in page.text
    assert "knows a list of English words and not what a sentence means" in page.text


def test_what_is_not_whole_is_not_handed_in(app: Flask) -> None:
    people = make_people()
    revision = draft(people, replace(WORDS, try_this=""))
    page = signed_in(app, people.hugo).get(page_of(people.ada.public_id) + "/preview")
    assert "Give them one thing to try" in page.text
    with pytest.raises(FeedbackRefused):
        hand_in(people.ada.public_id, revision=revision, reason="", scope=scope(people.hugo), now=clock.now())


def test_the_short_form_is_what_was_strong_and_one_thing_to_try(app: Flask) -> None:
    short = FeedbackWords(strong="You asked first.", try_this="Say the figure first.")
    assert lacking(short, FeedbackForm.SHORT, NOT_SELECTED) == []
    assert [field for field, _words in lacking(short, FeedbackForm.FULL, NOT_SELECTED)] == ["missing"]
    assert lacking(short, FeedbackForm.FULL, ApplicationStatus.WITHDRAWN) == []
    assert [one for one, _words in lacking(replace(short, missing="SQL."), FeedbackForm.SHORT, NOT_SELECTED)] == [
        "criterion"
    ]


def test_before_they_have_read_how_it_ended_it_stays_a_draft(app: Flask) -> None:
    people = make_people(has_ended=False)
    revision = draft(people)
    page = signed_in(app, people.hugo).get(page_of(people.ada.public_id) + "/preview")
    assert "They have not read yet how it ended" in page.text
    with pytest.raises(NotNow):
        hand_in(people.ada.public_id, revision=revision, reason="", scope=scope(people.hugo), now=clock.now())
    end(people.ada)
    hand_in(people.ada.public_id, revision=revision, reason="", scope=scope(people.hugo), now=clock.now())


def test_whoever_was_hired_is_told_in_person(app: Flask) -> None:
    people = make_people(has_ended=False)
    end(people.ada, ApplicationStatus.HIRED)
    revision = draft(people)
    with pytest.raises(NotNow, match="in person"):
        hand_in(people.ada.public_id, revision=revision, reason="", scope=scope(people.hugo), now=clock.now())


def test_what_an_admin_holds_is_not_handed_in(app: Flask) -> None:
    people = make_people()
    revision = draft(people)
    hold(people.ada.id)
    with pytest.raises(NotNow, match="holds"):
        hand_in(people.ada.public_id, revision=revision, reason="", scope=scope(people.hugo), now=clock.now())


def hold(application_id: int) -> None:
    with transaction() as session:
        event_id = session.scalar(_newest_event(application_id))
        session.add(
            FeedbackDebt(
                application_id=application_id,
                event_id=event_id,
                way=FeedbackWay.WRITTEN,
                form=FeedbackForm.FULL,
                due_on=clock.now().date(),
                state=DebtState.HELD,
                settled_at=clock.now(),
                hold_reason="A complaint is open.",
                hold_words="We will write once it is settled.",
                call_words="",
                created_at=clock.now(),
            )
        )


def _newest_event(application_id: int) -> Select[tuple[int]]:

    return select(func.max(ApplicationEvent.id)).where(ApplicationEvent.application_id == application_id)


def test_a_change_while_it_waits_for_approval_makes_it_a_draft_again(app: Flask) -> None:
    people = make_people()
    handed_in(people)
    assert open_tasks() == [people.rita]
    draft(people, replace(WORDS, strong="You asked first, and twice."))
    assert row(people).state is FeedbackState.DRAFT
    assert open_tasks() == []


def test_saving_the_same_again_changes_nothing(app: Flask) -> None:
    people = make_people()
    handed_in(people)
    before = row(people)
    revision = draft(people, author=people.rita, role=Role.RECRUITER)
    assert (row(people).state, row(people).author_id) == (FeedbackState.FOR_APPROVAL, people.hugo)
    assert revision == before.revision


def test_what_was_sent_is_not_written_over(app: Flask, time: object) -> None:
    people = make_people()
    sent(people, time)
    with pytest.raises(NotNow):
        draft(people, replace(WORDS, strong="Something else."))
    page = signed_in(app, people.hugo).get(page_of(people.ada.public_id))
    assert "They have been able to read it since" in page.text
    assert not any("strong" in form.names for form in page.forms)


def test_a_panel_member_who_may_not_see_the_application_writes_and_sees_nothing_else(app: Flask) -> None:
    people = make_people()
    omar = signed_in(app, people.omar)
    omar.get(f"/recruiting/applications/{people.ada.public_id}", expect=404)
    assert page_of(people.ada.public_id) in omar.get(f"/recruiting/interviews/{people.interview}").links
    page = omar.get(page_of(people.ada.public_id))
    assert page.heading == "Feedback for Ada Lind"
    assert not any(link.endswith(f"/recruiting/applications/{people.ada.public_id}") for link in page.links)
    omar.submit(page, having="strong", strong="You drew it before you wrote it.")
    assert row(people).author_id == people.omar
    omar.get(page_of(people.ada.public_id) + "/approve", expect=404)


def test_who_took_part_reads_the_notes_of_others_after_writing_their_own(app: Flask) -> None:
    people = make_people()
    note(people.interview, people.hugo, "Hugo noted a grey horse.")
    assert "grey horse" in signed_in(app, people.hugo).get(page_of(people.ada.public_id)).text
    assert "grey horse" in signed_in(app, people.rita).get(page_of(people.ada.public_id)).text
    assert "grey horse" not in signed_in(app, people.omar).get(page_of(people.ada.public_id)).text
    note(people.interview, people.omar, "Omar noted a white horse.")
    page = signed_in(app, people.omar).get(page_of(people.ada.public_id))
    assert "grey horse" in page.text
    assert "white horse" in page.text


def note(interview: str, author_id: int, words: str) -> None:

    with transaction() as session:
        interview_id = session.scalars(select(Interview.id).where(Interview.public_id == interview)).one()
        session.add(
            PanelNote(
                interview_id=interview_id,
                author_id=author_id,
                criterion="SQL",
                words=words,
                changed_at=clock.now(),
            )
        )


def test_the_page_of_the_application_says_how_it_stands(app: Flask, time: object) -> None:
    people = make_people()
    rita = signed_in(app, people.rita)
    here = f"/recruiting/applications/{people.ada.public_id}"
    assert "Nobody has begun to write" in rita.get(here).text
    draft(people)
    assert "A draft by Hugo Berg" in rita.get(here).text
    sent(people, time)
    assert "They have not opened it" in signed_in(app, people.rita).get(here).text
    assert "Written feedback" not in rita.get(f"/recruiting/applications/{people.bob.public_id}").text


@given(st.text(max_size=60), st.text(max_size=60))
def test_tidying_twice_is_tidying_once(strong: str, resource: str) -> None:
    once = cleaned(FeedbackWords(strong=strong, resource=resource))
    assert cleaned(once) == once


def test_stale_revisions_and_unknown_ones_are_refused(app: Flask) -> None:
    people = make_people()
    draft(people)
    for revision in (0, 7, -1):
        with pytest.raises(StaleFeedback):
            save_feedback(
                people.ada.public_id,
                replace(WORDS, strong="Other."),
                revision=revision,
                scope=scope(people.hugo, Role.HIRING_MANAGER),
                now=clock.now(),
            )


def test_in_a_team_of_one_the_check_the_preview_and_the_undo_stand_in(app: Flask) -> None:
    people = make_people(knows=Relationship.FRIEND)
    with transaction() as session:
        session.get_one(Staff, people.admin).is_active = False
    draft(people, author=people.hugo)
    hugo = signed_in(app, people.hugo)
    page = hugo.get(page_of(people.ada.public_id) + "/preview")
    assert "Nobody else here may approve it" in page.text
    assert "It is recorded so" in page.text
    page = hugo.submit(page, having="revision", button="Send it")
    assert "Approved, and not sent yet" in page.text
    assert "Nobody else could approve it" in page.text
    assert (row(people).is_alone, row(people).approver_id) == (True, people.hugo)
    page = hugo.submit(page, action="take-back")
    assert row(people).state is FeedbackState.DRAFT
    assert not row(people).is_alone
