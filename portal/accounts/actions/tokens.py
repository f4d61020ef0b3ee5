"""Making one-time tokens and using them up; only hashes are stored."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, or_, update

from portal.accounts.models import OneTimeToken
from portal.accounts.rules import code_refused, token_refused
from portal.core.db import one_at_a_time, refuse_in_transaction, transaction
from portal.core.identifiers import new_secret
from portal.core.mail import RenderedMail
from portal.core.settings import current_settings
from portal.core.tokens import (
    CODE_TRIES,
    RULES,
    TokenKind,
    code_hash,
    is_same,
    keyed_hash,
    mail_code,
    mail_token,
    token_hash,
)
from portal.outbox.actions import cancel

#: Dead tokens that work once are forgotten after a day; one that follows an application can still be renewed by its
#: page for a year.
_KEPT_AFTER_END = {kind: timedelta(days=1) for kind in TokenKind} | {
    TokenKind.FOLLOW: timedelta(days=365),
    # So long a link says that its survey is closed, and does not lead nowhere.
    TokenKind.SURVEY: timedelta(days=180),
}


@dataclass(frozen=True)
class UsedToken:
    """What a token that has just been used up was for."""

    id: int
    subject: str
    person_id: int | None


def issue_token(
    kind: TokenKind,
    mail: RenderedMail,
    *,
    subject: str,
    person_id: int | None,
    now: datetime,
    browser_secret: str = "",
    is_decoy: bool = False,
) -> int:
    """Store the hashes of the token (and code) that `mail` will carry; the row's id. Joins the transaction.

    Where the rule says so, older ones of the same kind and subject are void from now on, and their mails are stopped
    while they wait: so call it before `mail` is put into the outbox, with `token_cause` as its cause. The code is only
    good together with `browser_secret`, which the asking browser keeps; without it there is none. A decoy does the
    same work and never passes: it is for addresses we do not know.
    """
    return _store(kind, mail.key, subject, person_id, now, browser_secret, is_decoy=is_decoy)


def issue_without_mail(kind: TokenKind, *, subject: str, person_id: int, now: datetime) -> str:
    """The same for a link that a command prints; the token. There is no code. Joins the transaction."""
    delivery_key = new_secret()
    _store(kind, delivery_key, subject, person_id, now, "", is_decoy=False)
    return mail_token(current_settings().secret_key, delivery_key, kind)


def _store(
    kind: TokenKind,
    delivery_key: str,
    subject: str,
    person_id: int | None,
    now: datetime,
    browser_secret: str,
    *,
    is_decoy: bool,
) -> int:
    rule = RULES[kind]
    key = current_settings().secret_key
    digest = token_hash(mail_token(key, delivery_key, kind), kind)
    if digest is None:
        raise ValueError("a token that was just made must have a hash")
    has_code = rule.has_code and bool(browser_secret)
    with transaction() as session:
        if rule.is_voided_by_newer:
            void_tokens(kind, subject, now)
        row = OneTimeToken(
            kind=kind,
            token_hash=digest,
            code_hash=code_hash(key, mail_code(key, delivery_key, kind), digest) if has_code else None,
            browser_hash=_browser_hash(browser_secret) if has_code else None,
            subject=subject,
            person_id=person_id,
            created_at=now,
            expires_at=now + rule.lifetime,
            voided_at=now if is_decoy else None,
            tries_left=CODE_TRIES if has_code else 0,
        )
        session.add(row)
        session.flush()
        return row.id


def void_tokens(kind: TokenKind, subject: str, now: datetime) -> None:
    """Make every open token of `kind` for `subject` useless, stop the mails that carry one; joins the transaction."""
    with transaction() as session:
        # Two that are issued at the same moment would not see each other, and both would stay good.
        one_at_a_time(token_cause(kind, subject))
        session.execute(
            update(OneTimeToken)
            .where(OneTimeToken.kind == kind)
            .where(OneTimeToken.subject == subject)
            .where(OneTimeToken.used_at.is_(None))
            .where(OneTimeToken.voided_at.is_(None))
            .values(voided_at=now)
        )
        cancel(token_cause(kind, subject), now)


def token_cause(kind: TokenKind, subject: str) -> str:
    """What a mail with such a token is caused by, for the outbox; does not say for which address."""
    return f"{kind}:{keyed_hash(current_settings().secret_key, f'cause:{kind}:{subject}')[:32]}"


def use_token(kind: TokenKind, token: str, now: datetime) -> UsedToken:
    """Use a token up, by one conditional UPDATE: of two that come at once, one passes. Joins the transaction.

    Raises TokenRefused. Kinds that work many times are looked at with `queries.find_token` and refused here.
    """
    digest = token_hash(token, kind)
    if digest is None or not RULES[kind].is_single_use:
        raise token_refused()
    used = _use_up((OneTimeToken.kind == kind) & (OneTimeToken.token_hash == digest), now)
    if used is None:
        raise token_refused()
    return used


def _use_up(which: ColumnElement[bool], now: datetime) -> UsedToken | None:
    """Mark the one that is still good as used; None when there is none."""
    with transaction() as session:
        row = session.execute(
            update(OneTimeToken)
            .where(which)
            .where(OneTimeToken.used_at.is_(None))
            .where(OneTimeToken.voided_at.is_(None))
            .where(OneTimeToken.expires_at > now)
            .values(used_at=now)
            .returning(OneTimeToken.id, OneTimeToken.subject, OneTimeToken.person_id)
        ).one_or_none()
    return UsedToken(*row) if row is not None else None


def check_code(kind: TokenKind, code: str, browser_secret: str, now: datetime) -> int:
    """The id of the token that `code` stands for in this browser; its own short transaction, because a wrong code
    must count although it is refused. Follow with `use_checked_code` in the transaction that does the rest.

    Raises TokenRefused for a wrong code, after five tries, and in any other browser.
    """
    refuse_in_transaction("Counting a try of a code")
    if not browser_secret or not code:
        raise code_refused()
    with transaction() as session:
        row = session.execute(
            update(OneTimeToken)
            .where(OneTimeToken.kind == kind)
            .where(OneTimeToken.browser_hash == _browser_hash(browser_secret))
            .where(OneTimeToken.used_at.is_(None))
            .where(OneTimeToken.voided_at.is_(None))
            .where(OneTimeToken.expires_at > now)
            .where(OneTimeToken.tries_left > 0)
            .values(tries_left=OneTimeToken.tries_left - 1)
            .returning(OneTimeToken.id, OneTimeToken.token_hash, OneTimeToken.code_hash)
        ).one_or_none()
    if row is None or not is_same(row.code_hash or "", code_hash(current_settings().secret_key, code, row.token_hash)):
        raise code_refused()
    return int(row.id)


def use_checked_code(token_id: int, now: datetime) -> UsedToken:
    """Use up the token whose code was right; joins the transaction. Raises TokenRefused when another was faster."""
    used = _use_up(OneTimeToken.id == token_id, now)
    if used is None:
        raise code_refused()
    return used


def use_code(kind: TokenKind, code: str, browser_secret: str, now: datetime) -> UsedToken:
    """Check a code and use its token up; outside a transaction only, so that a wrong code counts."""
    return use_checked_code(check_code(kind, code, browser_secret, now), now)


def forget_dead_tokens(now: datetime) -> None:
    """Delete tokens that ended long enough ago."""
    with transaction() as session:
        for kind, kept in _KEPT_AFTER_END.items():
            session.execute(
                delete(OneTimeToken).where(OneTimeToken.kind == kind).where(OneTimeToken.expires_at < now - kept)
            )


def forget_tokens_of(person_id: int, subjects: list[str]) -> None:
    """Delete every token of a person, and those sent to one of their addresses; joins the transaction."""
    with transaction() as session:
        session.execute(
            delete(OneTimeToken).where(
                or_(OneTimeToken.person_id == person_id, OneTimeToken.subject.in_(subjects)),
            )
        )


def _browser_hash(secret: str) -> str:
    return keyed_hash(current_settings().secret_key, f"browser:{secret}")
