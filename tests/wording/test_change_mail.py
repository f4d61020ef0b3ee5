"""Changing the words of a mail: versions, going back, two at once."""

import threading

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditRecord
from portal.core.db import session
from portal.core.errors import NotFound
from portal.core.permissions import Role
from portal.wording.actions import WordsChanged, change_mail, use_our_words, use_version
from portal.wording.privacy import erase, export, merge
from portal.wording.queries import current_words, our_words, version_count, versions
from portal.wording.rules import UnfitWords, Words
from tests import factories
from tests.conftest import Time

KIND = "accounts/sign_in"


@pytest.fixture
def alma(app: Flask) -> int:
    return factories.make_staff("Alma Reyes", Role.ADMIN)


def words(subject: str) -> Words:
    return Words(**{**vars(our_words(KIND)), "subject": subject})


def subjects() -> list[tuple[int, str, bool]]:
    return [(one.number, str(one.words.subject), one.is_ours) for one in versions(KIND, "en")]


def test_every_save_is_a_version_with_who_and_when(alma: int, time: Time) -> None:
    assert change_mail(KIND, "en", words("First"), 0, actor_id=alma, now=time.at)
    time.pass_by(hours=1)
    assert change_mail(KIND, "en", words("Second"), 1, actor_id=alma, now=time.at)
    newest, oldest = versions(KIND, "en")
    assert (newest.number, newest.author_name, newest.created_at) == (2, "Alma Reyes", time.at)
    assert oldest.words.subject == "First"
    assert version_count(KIND, "en") == 2
    assert current_words(KIND, "en").words.subject == "Second"


def test_saving_what_goes_out_already_makes_no_version(alma: int, time: Time) -> None:
    assert not change_mail(KIND, "en", our_words(KIND), 0, actor_id=alma, now=time.at)
    change_mail(KIND, "en", words("First"), 0, actor_id=alma, now=time.at)
    assert not change_mail(KIND, "en", words(" First "), 1, actor_id=alma, now=time.at)
    assert version_count(KIND, "en") == 1


def test_going_back_makes_a_new_version(alma: int, time: Time) -> None:
    change_mail(KIND, "en", words("First"), 0, actor_id=alma, now=time.at)
    change_mail(KIND, "en", words("Second"), 1, actor_id=alma, now=time.at)
    use_version(KIND, "en", 1, 2, actor_id=alma, now=time.at)
    assert subjects() == [(3, "First", False), (2, "Second", False), (1, "First", False)]


def test_our_words_come_back_and_nothing_is_lost(alma: int, time: Time) -> None:
    change_mail(KIND, "en", words("First"), 0, actor_id=alma, now=time.at)
    assert use_our_words(KIND, "en", 1, actor_id=alma, now=time.at)
    assert not use_our_words(KIND, "en", 2, actor_id=alma, now=time.at)
    assert current_words(KIND, "en").is_ours
    assert subjects() == [(2, "Your sign-in link for {org}", True), (1, "First", False)]
    use_version(KIND, "en", 1, 2, actor_id=alma, now=time.at)
    assert current_words(KIND, "en").words.subject == "First"
    use_version(KIND, "en", 2, 3, actor_id=alma, now=time.at)
    assert current_words(KIND, "en").is_ours


def test_words_without_the_link_are_never_stored(alma: int, time: Time) -> None:
    with pytest.raises(UnfitWords, match="sign_in_button"):
        change_mail(KIND, "en", Words("A", "", "B", "Only text"), 0, actor_id=alma, now=time.at)
    assert versions(KIND, "en") == []


def test_the_second_of_two_admins_is_told(alma: int, time: Time) -> None:
    change_mail(KIND, "en", words("First"), 0, actor_id=alma, now=time.at)
    with pytest.raises(WordsChanged):
        change_mail(KIND, "en", words("Second"), 0, actor_id=alma, now=time.at)
    with pytest.raises(WordsChanged):
        use_our_words(KIND, "en", 0, actor_id=alma, now=time.at)


def test_of_many_at_the_same_moment_one_wins(app: Flask, alma: int, time: Time) -> None:
    outcomes: list[str] = []

    def save(number: int) -> None:
        with app.app_context():
            try:
                change_mail(KIND, "en", words(f"Words {number}"), 0, actor_id=alma, now=time.at)
                outcomes.append("saved")
            except WordsChanged:
                outcomes.append("told")

    threads = [threading.Thread(target=save, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["saved"] + ["told"] * 5
    session().rollback()
    assert version_count(KIND, "en") == 1


def test_it_is_noted_without_the_words(alma: int, time: Time) -> None:
    change_mail(KIND, "en", words("A secret subject"), 0, actor_id=alma, now=time.at)
    use_our_words(KIND, "en", 1, actor_id=alma, now=time.at)
    records = session().scalars(select(AuditRecord).order_by(AuditRecord.id.desc()).limit(2)).all()
    assert [(one.action, one.subject, one.details) for one in reversed(records)] == [
        ("wording.change_mail", f"mail:{KIND}", {"version": 1}),
        ("wording.reset_mail", f"mail:{KIND}", {"version": 2}),
    ]


def test_there_is_no_mail_and_no_version_of_another_name(alma: int, time: Time) -> None:
    with pytest.raises(NotFound):
        change_mail("accounts/nothing", "en", words("x"), 0, actor_id=alma, now=time.at)
    with pytest.raises(NotFound):
        use_our_words("accounts/nothing", "en", 0, actor_id=alma, now=time.at)
    with pytest.raises(NotFound):
        use_version(KIND, "en", 7, 0, actor_id=alma, now=time.at)


def test_the_words_outlive_whoever_wrote_them(alma: int, time: Time) -> None:
    change_mail(KIND, "en", words("First"), 0, actor_id=alma, now=time.at)
    assert export(alma)[0].rows == [("Your sign-in link", "Wednesday 4 March 2026, 08:00")]
    otto = factories.make_staff("Otto Kern", Role.ADMIN)
    merge(otto, alma, time.at)
    session().rollback()
    assert [one.author_name for one in versions(KIND, "en")] == ["Otto Kern"]
    erase(otto, time.at)
    session().rollback()
    assert [one.author_name for one in versions(KIND, "en")] == [""]
    assert export(otto) == []
