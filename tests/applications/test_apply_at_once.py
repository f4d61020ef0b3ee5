"""The same application sent by several at the same moment is made once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask
from sqlalchemy import func, select

from portal.accounts.rules import TokenRefused
from portal.applications.actions.applying import apply, confirm_application
from portal.applications.actions.asking import ask_to_apply
from portal.applications.actions.documents import keep_document, throw_away_unsent
from portal.applications.actions.drafting import save_draft
from portal.applications.models import Application, Submission
from portal.applications.queries.applying import find_apply_page
from portal.applications.rules.applying import AlreadyApplied, Sent
from portal.applications.rules.documents import DocumentRefused
from portal.core import clock
from portal.core.db import db, session
from portal.files.models import StoredFile
from portal.files.queries import path_of
from portal.outbox.models import Delivery
from tests import factories
from tests.applications.applying import opening, secrets_of
from tests.applications.cvs import PDF

_THREADS = 4


def test_a_form_sent_several_times_at_once_makes_one_application_and_one_receipt(app: Flask) -> None:
    slug, ada = opening(), factories.make_person("Ada Lind", "ada@example.org")
    page = find_apply_page(slug, ada, clock.now())
    assert page is not None
    kept = keep_document(PDF, "cv.pdf", ada, clock.now())
    save_draft(ada, page.id, {}, clock.now(), cv_id=kept.id)
    start = Barrier(_THREADS)

    def send(_number: int) -> str:
        with app.app_context():
            try:
                start.wait()
                return apply(ada, slug, Sent("Ada Lind"), channel="here", now=clock.now())
            except AlreadyApplied as error:
                return error.public_id if error.is_same else ""
            finally:
                db.session.remove()

    with ThreadPoolExecutor(_THREADS) as pool:
        ids = list(pool.map(send, range(_THREADS)))
    db.session.rollback()
    assert session().scalars(select(Application.public_id)).all() == [ids[0]]
    assert set(ids) == {ids[0]}
    receipts = select(func.count()).select_from(Delivery).where(Delivery.kind == "applications/received")
    assert session().scalar(receipts) == 1
    assert session().scalars(select(StoredFile.delete_on)).all() == [None]


def test_a_link_pressed_several_times_at_once_makes_one_application(app: Flask) -> None:
    slug = opening()
    page = find_apply_page(slug, None, clock.now())
    assert page is not None
    ask_to_apply("nia@example.org", page, Sent("Nia"), cv_id=None, channel="here", browser_secret="s", now=clock.now())
    token, _code = secrets_of()
    start = Barrier(_THREADS)

    def press(_number: int) -> bool:
        with app.app_context():
            try:
                start.wait()
                return confirm_application(token, "Firefox", clock.now()).is_new
            except TokenRefused:
                return False
            finally:
                db.session.remove()

    with ThreadPoolExecutor(_THREADS) as pool:
        assert sorted(pool.map(press, range(_THREADS))) == [False, False, False, True]
    db.session.rollback()
    assert session().scalar(select(func.count()).select_from(Application)) == 1


def test_a_cv_that_is_removed_while_its_application_is_confirmed_stays_with_it(app: Flask) -> None:
    """Whichever is first: nothing breaks, and what was sent with a CV has one."""
    slug = opening()
    page = find_apply_page(slug, None, clock.now())
    assert page is not None
    kept = keep_document(PDF, "cv.pdf", None, clock.now())
    ask_to_apply(
        "nia@example.org", page, Sent("Nia"), cv_id=kept.id, channel="here", browser_secret="s", now=clock.now()
    )
    token, _code = secrets_of()
    start = Barrier(_THREADS)

    def do(number: int) -> None:
        with app.app_context():
            try:
                start.wait()
                if number:
                    throw_away_unsent([kept.id])
                else:
                    confirm_application(token, "Firefox", clock.now())
            finally:
                db.session.remove()

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(do, range(_THREADS)))
    db.session.rollback()
    assert session().scalars(select(Submission.cv_id)).all() == [kept.id]
    assert path_of(kept.id) is not None


def test_a_request_changed_while_it_is_confirmed_is_sent_once_and_with_its_cv(app: Flask) -> None:
    slug = opening()
    page = find_apply_page(slug, None, clock.now())
    assert page is not None
    kept = keep_document(PDF, "cv.pdf", None, clock.now())
    before = ask_to_apply(
        "nia@example.org", page, Sent("Nia"), cv_id=kept.id, channel="here", browser_secret="s", now=clock.now()
    )
    token, _code = secrets_of()
    start = Barrier(2)

    def change() -> str:
        try:
            ask_to_apply(
                "nia@example.net",
                page,
                Sent("Nia N"),
                cv_id=kept.id,
                channel="here",
                browser_secret="t",
                instead=before,
                now=clock.now(),
            )
        except DocumentRefused:
            return "confirmed first"
        return "changed first"

    def confirm() -> str:
        try:
            confirm_application(token, "Firefox", clock.now())
        except TokenRefused:
            return "changed first"
        return "confirmed first"

    def do(what: Callable[[], str]) -> str:
        with app.app_context():
            try:
                start.wait()
                return what()
            finally:
                db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(do, (change, confirm))
    db.session.rollback()
    assert first == second
    if first == "changed first":
        confirm_application(secrets_of()[0], "Firefox", clock.now())
    assert session().scalars(select(Submission.cv_id)).all() == [kept.id]
