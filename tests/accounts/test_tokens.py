"""One table of tokens: every kind at every address; used, old, flipped, empty, of another kind."""

from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actions import forget_dead_tokens, issue_token, use_code, use_token
from portal.accounts.models import OneTimeToken
from portal.accounts.queries import find_old_token, find_token
from portal.accounts.rules import TokenRefused
from portal.core import clock
from portal.core.db import RenderedTooLate, session, transaction
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.core.tokens import RULES, TokenKind, mail_code, mail_token
from tests.accounts.visitors import ADA, ADMIN, PASSWORD, RITA, hire, invite, is_in, join
from tests.conftest import Time
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak
#: Where tokens of accounts are taken, and which kind each takes.
ENDPOINTS = {
    "/sign-in": TokenKind.SIGN_IN,
    "/reset": TokenKind.RESET,
    "/invitation": TokenKind.INVITATION,
}
SECRET = "what-the-browser-keeps"


@dataclass(frozen=True)
class Issued:
    token: str
    code: str


def _issue(kind: TokenKind, subject: str = ADA, person_id: int | None = None, secret: str = SECRET) -> Issued:
    key = new_public_id() + new_public_id()
    mail = RenderedMail(key, "accounts/test", "Subject", "Text", "<p>Text</p>", "en")
    with transaction():
        issue_token(kind, mail, subject=subject, person_id=person_id, now=clock.now(), browser_secret=secret)
    settings = current_settings().secret_key
    return Issued(mail_token(settings, key, kind), mail_code(settings, key, kind))


def _for(kind: TokenKind, email: str = ADA) -> Issued:
    """A token of `kind` that would work at its own address."""
    if kind is TokenKind.INVITATION:
        return Issued(invite().rsplit("/", 1)[1], "")
    person_id = join(email)
    return _issue(kind, email, person_id)


def _flipped(token: str, at: int) -> str:
    other = "A" if token[at] != "A" else "B"
    return token[:at] + other + token[at + 1 :]


def _post(app: Flask, path: str, expect: int) -> bool:
    """Post whatever a form there would send; whether that signed somebody in."""
    browser = Browser(app)
    csrf = browser.get("/sign-in").form(having="email").values["csrf_token"]
    browser.post(
        path,
        {"csrf_token": csrf, "password": "four words in a row", "name": "Eve", "username": ADA},
        expect=expect,
        follow=False,
    )
    return is_in(browser)


@pytest.mark.parametrize("path", ENDPOINTS)
@pytest.mark.parametrize("kind", list(RULES))
def test_each_kind_opens_its_own_address_and_no_other(app: Flask, path: str, kind: TokenKind) -> None:
    target = f"{path}/{_for(kind).token}"
    fits = ENDPOINTS[path] is kind
    Browser(app).get(target, expect=200 if fits else 404)
    assert _post(app, target, 303 if fits else 404) is fits


@pytest.mark.parametrize("path", ENDPOINTS)
def test_used_token_is_dead_for_good(app: Flask, path: str) -> None:
    target = f"{path}/{_for(ENDPOINTS[path]).token}"
    assert _post(app, target, 303)
    assert not _post(app, target, 404)
    Browser(app).get(target, expect=404)


@pytest.mark.parametrize("path", ENDPOINTS)
def test_looking_uses_nothing_up_and_writes_nothing(app: Flask, path: str) -> None:
    target = f"{path}/{_for(ENDPOINTS[path]).token}"

    def rows() -> list[tuple[object, ...]]:
        session().rollback()
        columns = (OneTimeToken.id, OneTimeToken.used_at, OneTimeToken.voided_at, OneTimeToken.tries_left)
        return [tuple(row) for row in session().execute(select(*columns))]

    before = rows()
    for _ in range(3):
        Browser(app).get(target)
    assert rows() == before
    assert _post(app, target, 303)


@pytest.mark.parametrize("path", ENDPOINTS)
def test_expired_token_is_dead_to_the_second(app: Flask, time: Time, path: str) -> None:
    kind = ENDPOINTS[path]
    target = f"{path}/{_for(kind).token}"
    time.at += RULES[kind].lifetime
    time.pass_by(seconds=-1)
    Browser(app).get(target)
    time.pass_by(seconds=1)
    Browser(app).get(target, expect=404)
    assert not _post(app, target, 404)


@pytest.mark.parametrize("path", ENDPOINTS)
@pytest.mark.parametrize("at", [0, 20, 42])
def test_token_with_one_letter_changed_is_nothing(app: Flask, path: str, at: int) -> None:
    token = _flipped(_for(ENDPOINTS[path]).token, at)
    Browser(app).get(f"{path}/{token}", expect=404)
    assert not _post(app, f"{path}/{token}", 404)


@pytest.mark.parametrize("path", ENDPOINTS)
@pytest.mark.parametrize("token", ["None", "null", "0", "undefined", "a" * 43, "%00", "%C3%A4" * 43, "'", "code%20"])
def test_made_up_tokens_are_nothing(app: Flask, path: str, token: str) -> None:
    _for(ENDPOINTS[path])
    Browser(app).get(f"{path}/{token}", expect=404)
    assert not _post(app, f"{path}/{token}", 404)


@pytest.mark.parametrize("kind", list(RULES))
@pytest.mark.parametrize("token", ["", "None", " ", "a" * 43, "ä" * 43])
def test_what_is_no_token_never_passes(app: Flask, kind: TokenKind, token: str) -> None:
    _for(kind)
    assert find_token(kind, token, clock.now()) is None
    with pytest.raises(TokenRefused):
        use_token(kind, token, clock.now())


def test_confirming_token_works_once_and_only_as_such(app: Flask) -> None:
    token = _issue(TokenKind.CONFIRM).token
    for other in set(RULES) - {TokenKind.CONFIRM}:
        with pytest.raises(TokenRefused):
            use_token(other, token, clock.now())
    assert use_token(TokenKind.CONFIRM, token, clock.now()).subject == ADA
    with pytest.raises(TokenRefused):
        use_token(TokenKind.CONFIRM, token, clock.now())


def test_following_token_works_many_times_beside_newer_ones(app: Flask, time: Time) -> None:
    first, second = _issue(TokenKind.FOLLOW, "application").token, _issue(TokenKind.FOLLOW, "application").token
    for token in (first, second, first):
        found = find_token(TokenKind.FOLLOW, token, clock.now())
        assert found is not None
        assert found.subject == "application"
    with pytest.raises(TokenRefused):
        use_token(TokenKind.FOLLOW, first, clock.now())


def test_following_token_that_ran_out_still_says_what_it_was_for(app: Flask, time: Time) -> None:
    token = _issue(TokenKind.FOLLOW, "application").token
    time.pass_by(days=30)
    forget_dead_tokens(clock.now())
    assert find_token(TokenKind.FOLLOW, token, clock.now()) is None
    old = find_old_token(TokenKind.FOLLOW, token)
    assert old is not None
    assert old.subject == "application"
    assert find_old_token(TokenKind.SIGN_IN, token) is None


@pytest.mark.parametrize("kind", [kind for kind in RULES if RULES[kind].is_voided_by_newer])
def test_newer_token_voids_the_older_of_the_same_kind_and_subject(app: Flask, kind: TokenKind) -> None:
    older = _issue(kind)
    other_subject = _issue(kind, "nora@demo.example")
    other_kind = _issue(TokenKind.CONFIRM if kind is not TokenKind.CONFIRM else TokenKind.RESET)
    newer = _issue(kind)
    assert find_token(kind, older.token, clock.now()) is None
    assert find_token(kind, newer.token, clock.now()) is not None
    assert find_token(kind, other_subject.token, clock.now()) is not None
    assert find_token(
        TokenKind.CONFIRM if kind is not TokenKind.CONFIRM else TokenKind.RESET, other_kind.token, clock.now()
    )


def test_code_is_good_once_for_its_kind_in_its_browser(app: Flask) -> None:
    code = _issue(TokenKind.CONFIRM).code
    for kind, secret in (
        (TokenKind.CONFIRM, "another browser"),
        (TokenKind.CONFIRM, ""),
        (TokenKind.SIGN_IN, SECRET),
        (TokenKind.RESET, SECRET),
        (TokenKind.FOLLOW, SECRET),
    ):
        with pytest.raises(TokenRefused):
            use_code(kind, code, secret, clock.now())
    assert use_code(TokenKind.CONFIRM, code, SECRET, clock.now()).subject == ADA
    with pytest.raises(TokenRefused):
        use_code(TokenKind.CONFIRM, code, SECRET, clock.now())


@pytest.mark.parametrize("code", ["", "None", "000000"])
def test_no_code_passes_where_none_was_made(app: Flask, code: str) -> None:
    _issue(TokenKind.INVITATION)
    _issue(TokenKind.FOLLOW)
    _issue(TokenKind.SIGN_IN, secret="")
    for kind in RULES:
        for secret in ("", SECRET):
            with pytest.raises(TokenRefused):
                use_code(kind, code, secret, clock.now())


def test_wrong_code_counts_although_it_is_refused(app: Flask) -> None:
    code = _issue(TokenKind.CONFIRM).code
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        with pytest.raises(TokenRefused):
            use_code(TokenKind.CONFIRM, wrong, SECRET, clock.now())
    with pytest.raises(TokenRefused):
        use_code(TokenKind.CONFIRM, code, SECRET, clock.now())


def test_code_is_not_checked_where_a_refusal_would_undo_the_count(app: Flask) -> None:
    code = _issue(TokenKind.CONFIRM).code
    with transaction(), pytest.raises(RenderedTooLate):
        use_code(TokenKind.CONFIRM, code, SECRET, clock.now())


def test_what_fails_afterwards_leaves_the_token_unused(app: Flask) -> None:
    token = _issue(TokenKind.CONFIRM).token

    def use_and_fail() -> None:
        with transaction():
            use_token(TokenKind.CONFIRM, token, clock.now())
            raise TokenRefused("something else went wrong")

    with pytest.raises(TokenRefused):
        use_and_fail()
    assert use_token(TokenKind.CONFIRM, token, clock.now()).subject == ADA


def test_nothing_stored_is_a_token_or_a_code(app: Flask) -> None:
    issued = [_issue(kind) for kind in RULES]
    row_texts = [
        " ".join(str(value) for value in row)
        for row in session().execute(select(OneTimeToken.__table__))  # every column
    ]
    for one in issued:
        assert not any(one.token in text or SECRET in text for text in row_texts)
        assert not any(f" {one.code} " in text for text in row_texts)


def test_dead_tokens_are_forgotten(app: Flask, time: Time) -> None:
    for kind in RULES:
        _issue(kind)
    time.pass_by(days=16)
    forget_dead_tokens(clock.now())
    session().rollback()
    left = select(OneTimeToken.kind).order_by(OneTimeToken.id)
    assert set(session().scalars(left)) == {
        TokenKind.FOLLOW,
        TokenKind.NO_THANKS,
        TokenKind.INTERVIEW,
        TokenKind.SURVEY,
    }
    time.pass_by(days=30 + 365)
    forget_dead_tokens(clock.now())
    session().rollback()
    assert session().scalar(select(OneTimeToken.id)) is None


def test_token_of_somebody_who_was_removed_makes_nobody_new(app: Flask) -> None:
    person_id = join()
    token = _issue(TokenKind.SIGN_IN, "gone@demo.example", person_id).token
    assert not _post(app, f"/sign-in/{token}", 404)


def test_pages_with_a_token_tell_nobody_where_one_came_from(app: Flask) -> None:
    hire(ADMIN, Role.ADMIN, "Ada Admin")
    page = Browser(app).get(invite(RITA))
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert page.response.headers["Cache-Control"] == "no-store"
    assert PASSWORD not in page.body
