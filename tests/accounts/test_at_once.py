"""Many at the same time: one effect."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from flask import Flask

from portal.accounts.actions import change_role, confirm_address, issue_token, use_code, use_token
from portal.accounts.rules import LastAdmin, TokenRefused
from portal.core import clock
from portal.core.db import end_reading, transaction
from portal.core.errors import PortalError
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_code, mail_token
from portal.people.queries import find_staff
from tests.accounts.visitors import ADA, ADMIN, NORA, hire

_THREADS = 8


def _at_once(app: Flask, work: Callable[[int], object]) -> list[object]:
    """What each of several threads got, or the error it met."""
    start = Barrier(_THREADS)

    def run(number: int) -> object:
        with app.app_context():
            start.wait()
            try:
                return work(number)
            except PortalError as error:
                return error
            finally:
                end_reading()

    end_reading()
    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(run, range(_THREADS)))


def _issue() -> str:
    key = new_public_id() + new_public_id()
    mail = RenderedMail(key, "accounts/test", "Subject", "Text", "<p>Text</p>", "en")
    with transaction():
        issue_token(
            TokenKind.CONFIRM, mail, subject=ADA, person_id=None, now=clock.now(), browser_secret="this browser"
        )
    return key


def test_one_link_pressed_many_times_at_once_passes_once(app: Flask) -> None:
    token = mail_token(current_settings().secret_key, _issue(), TokenKind.CONFIRM)
    results = _at_once(app, lambda _number: use_token(TokenKind.CONFIRM, token, clock.now()))
    assert sum(not isinstance(one, TokenRefused) for one in results) == 1


def test_of_many_links_asked_for_at_once_one_is_good(app: Flask) -> None:
    keys = _at_once(app, lambda _number: _issue())
    results = []
    for key in keys:
        try:
            results.append(use_token(TokenKind.CONFIRM, _token(key), clock.now()))
        except TokenRefused:
            continue
    assert len(results) == 1


def _token(key: object) -> str:
    return mail_token(current_settings().secret_key, str(key), TokenKind.CONFIRM)


def test_one_code_sent_many_times_at_once_passes_once(app: Flask) -> None:
    code = mail_code(current_settings().secret_key, _issue(), TokenKind.CONFIRM)
    results = _at_once(app, lambda _number: use_code(TokenKind.CONFIRM, code, "this browser", clock.now()))
    assert sum(not isinstance(one, TokenRefused) for one in results) == 1


def test_guesses_at_once_are_all_counted(app: Flask) -> None:
    key = _issue()
    code = mail_code(current_settings().secret_key, key, TokenKind.CONFIRM)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    results = _at_once(app, lambda _number: use_code(TokenKind.CONFIRM, wrong, "this browser", clock.now()))
    assert all(isinstance(one, TokenRefused) for one in results)
    last = _at_once(app, lambda _number: use_code(TokenKind.CONFIRM, code, "this browser", clock.now()))
    assert all(isinstance(one, TokenRefused) for one in last)


def test_one_address_confirmed_many_times_at_once_is_one_account(app: Flask) -> None:
    def confirm(number: int) -> object:
        return confirm_address(NORA, name="Nora", locale="en", timezone="Europe/Warsaw", now=clock.now())

    assert len(set(_at_once(app, confirm))) == 1


def test_two_admins_cannot_take_each_other_away_at_once(app: Flask) -> None:
    vera, nora = hire(ADMIN, Role.ADMIN, "Vera Admin"), hire(NORA, Role.ADMIN, "Nora Berg")

    def demote(number: int) -> object:
        target, actor = (vera, nora) if number % 2 else (nora, vera)
        return change_role(target, Role.RECRUITER, None, actor, clock.now())

    results = _at_once(app, demote)
    roles = [row.role for row in (find_staff(vera), find_staff(nora)) if row is not None]
    assert sorted(roles) == [Role.ADMIN, Role.RECRUITER]
    assert any(isinstance(one, LastAdmin) for one in results)
