"""Applying: by somebody who is signed in, or by a stranger, whose application is made when their address is theirs."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from email.headerregistry import Address as MailAddress

from portal.accounts.actions import (
    UsedToken,
    check_code,
    confirm_address,
    follow_browser,
    issue_token,
    start_session,
    use_checked_code,
    use_token,
)
from portal.accounts.models import Account
from portal.accounts.queries import find_token
from portal.accounts.rules import token_refused
from portal.applications import emails
from portal.applications.actions.asking import take_request
from portal.applications.actions.documents import belong, throw_away
from portal.applications.actions.drafting import take_draft
from portal.applications.actions.locking import lock_people
from portal.applications.models import Application, ApplicationEvent, Submission
from portal.applications.queries.applying import (
    ApplyPage,
    Asked,
    apply_request_of,
    earlier_to,
    find_apply_page,
    who_reads,
)
from portal.applications.rules.applying import (
    NotAccepting,
    NotAgain,
    Sent,
    answers_as_json,
    check_earlier,
)
from portal.applications.states import ApplicationStatus, EventKind
from portal.audit.actions import record
from portal.company.actions import number_of_promises
from portal.company.queries import calendar_from, company_zone, pace
from portal.company.rules import working_days_after
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import Busy
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.core.tokens import TokenKind
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.models import Person
from portal.people.queries import KnownPerson, StaffRow, known_person, recipient

#: How often a receipt is made anew because what it says has changed while it was made.
_TRIES = 3


@dataclass(frozen=True)
class Confirmed:
    """A stranger's address is theirs: they are signed in with `secret`, and their application is there.

    `is_new` is False when they had applied before, so that what they typed now was not added; `why_not` says why.
    """

    secret: str
    public_id: str
    is_new: bool
    why_not: str = ""


@dataclass(frozen=True)
class _Facts:
    """What a receipt says besides the reader's name."""

    page: ApplyPage
    owner: StaffRow
    hears_by: date


def hears_by(now: datetime) -> date:
    """By when somebody who applies now hears from us: the company's pace, in working days."""
    today = day_of(now, company_zone())
    return working_days_after(today, pace()[ApplicationStatus.RECEIVED], calendar_from(today))[-1]


def apply(person_id: int, slug: str, sent: Sent, *, channel: str, now: datetime) -> str:
    """Make the application of somebody who is signed in, with the CV of their draft; its public id.

    Sends a receipt. Raises AlreadyApplied, WithdrawnOften, NotAccepting when the opening is not theirs to apply to (any
    more), Busy.
    """
    to = recipient(person_id)
    for _attempt in range(_TRIES):
        facts = _facts(slug, person_id, now)
        mail = emails.received(to.locale, to.timezone, to.name or sent.name, _said(facts))
        with transaction() as session:
            lock_people(session, person_id)
            if _facts(slug, person_id, now) != facts:
                continue
            check_earlier(earlier_to(person_id, facts.page.id), now)
            cv_id = take_draft(person_id, facts.page.id)
            return _make(person_id, facts, sent, cv_id, channel, mail, now)
    raise Busy(_("This opening is being changed just now. Please try again in a minute. Nothing is lost."))


def confirm_application(token: str, device: str, now: datetime, *, zone: str = "") -> Confirmed:
    """Use the mailed link up: the application is made, its person is here and signed in; all of it or nothing.

    `zone`: of the browser that confirms, where it says so; else the one that asked counts. Raises TokenRefused, and
    NotAccepting when the opening has stopped taking applications in between.
    """
    found = find_token(TokenKind.APPLY, token, now)
    if found is None:
        raise token_refused()
    return _confirm(found.id, lambda: use_token(TokenKind.APPLY, token, now), device, zone, now)


def confirm_application_by_code(
    code: str, browser_secret: str, device: str, now: datetime, *, zone: str = ""
) -> Confirmed:
    """The same with the six digits, in the browser that asked."""
    token_id = check_code(TokenKind.APPLY, code, browser_secret, now)
    return _confirm(token_id, lambda: use_checked_code(token_id, now), device, zone, now)


def _confirm(token_id: int, use: Callable[[], UsedToken], device: str, zone: str, now: datetime) -> Confirmed:
    asked = apply_request_of(token_id)
    if asked is None:
        raise token_refused()
    asked = replace(asked, timezone=zone or asked.timezone)
    person = known_person(asked.email)
    for _attempt in range(_TRIES):
        facts = _facts(asked.slug, person.person_id if person else None, now)
        mail = _receipt(asked, person, facts)
        with transaction() as session:
            if _facts(asked.slug, person.person_id if person else None, now) != facts:
                continue
            use()
            account_id = confirm_address(
                asked.email, name=asked.sent.name, locale=asked.locale, timezone=asked.timezone, now=now
            )
            person_id = session.get_one(Account, account_id).person_id
            lock_people(session, person_id)
            follow_browser(person_id, asked.timezone, now)
            left = take_request(session, token_id)
            secret = start_session(account_id, device, now)
            try:
                check_earlier(earlier_to(person_id, asked.opening_id), now)
            except NotAgain as error:
                done = Confirmed(secret, error.public_id, is_new=False, why_not=error.message)
            else:
                draft_cv = take_draft(person_id, asked.opening_id)
                made = _make(person_id, facts, asked.sent, left or draft_cv, asked.channel, mail, now)
                left, done = (draft_cv if left else None), Confirmed(secret, made, is_new=True)
        throw_away([left])
        return done
    raise Busy(_("This opening is being changed just now. Please try again in a minute. Nothing is lost."))


def _receipt(asked: Asked, person: KnownPerson | None, facts: _Facts) -> RenderedMail:
    locale, zone = (person.locale, person.timezone) if person else (asked.locale, asked.timezone)
    return emails.received(locale, zone, (person.name if person else "") or asked.sent.name, _said(facts))


def _facts(slug: str, person_id: int | None, now: datetime) -> _Facts:
    page = find_apply_page(slug, person_id, now)
    if page is None:
        raise NotAccepting(_("This opening does not take applications any more. Nothing was sent."))
    owner = who_reads(page)
    if owner is None:
        raise Busy(_("Nobody can take your application just now. Please try again later. Nothing was sent."))
    return _Facts(page, owner, hears_by(now))


def _said(facts: _Facts) -> emails.Receipt:
    content = facts.page.content
    return emails.Receipt(content.title, facts.owner.name, facts.hears_by, content.stages)


def _make(
    person_id: int,
    facts: _Facts,
    sent: Sent,
    cv_id: int | None,
    channel: str,
    mail: RenderedMail,
    now: datetime,
) -> str:
    """The application with its first event, what came with it, and its receipt; joins the transaction."""
    public_id, today = new_public_id(), day_of(now, company_zone())
    with transaction() as session:
        application = Application(
            public_id=public_id,
            person_id=person_id,
            opening_id=facts.page.id,
            opening_version=facts.page.version,
            service_promise=number_of_promises(now),
            owner_id=facts.owner.person_id,
            source="",
            external_key=public_id,
            applied_on=today,
            last_activity_on=today,
            channel=channel,
            imported_tags=[],
            source_stage="",
            source_status="",
            source_reason="",
            change_reported_at=None,
            is_held=False,
            import_ref="",
            created_at=now,
        )
        session.add(application)
        session.flush()
        session.add(_first_event(application.id, person_id, facts.hears_by, now))
        session.add(
            Submission(
                application_id=application.id,
                name=sent.name,
                phone=sent.phone,
                cover_note=sent.cover_note,
                answers=answers_as_json(sent.answers),
                cv_id=belong(cv_id, person_id),
            )
        )
        _learn(person_id, sent)
        _send_receipt(person_id, public_id, facts, mail, now)
        record(
            "applications.apply",
            f"application:{public_id}",
            actor_id=person_id,
            person_id=person_id,
            now=now,
            version=facts.page.version,
        )
        session.flush()
    return public_id


def _first_event(application_id: int, person_id: int, until: date, now: datetime) -> ApplicationEvent:
    return ApplicationEvent(
        public_id=new_public_id(),
        application_id=application_id,
        kind=EventKind.APPLIED,
        status=ApplicationStatus.RECEIVED,
        next_update_by=until,
        date_reason="",
        message="",
        internal_reason="",
        actor_id=person_id,
        delivery_id=None,
        created_at=now,
        answered_change_at=None,
        rest_open_since=None,
    )


def _learn(person_id: int, sent: Sent) -> None:
    """What somebody says of themselves outranks what an import said; a name that is there is changed elsewhere."""
    with transaction() as session:
        person = session.get_one(Person, person_id)
        person.name = person.name or sent.name
        person.phone = sent.phone or person.phone


def _send_receipt(person_id: int, public_id: str, facts: _Facts, mail: RenderedMail, now: datetime) -> None:
    to = recipient(person_id)
    enqueue(
        mail,
        to_address=to.email,
        to_name=to.name,
        person_id=person_id,
        mail_class=MailClass.OWN,
        cause=f"application:{public_id}",
        dedupe_key=f"{mail.kind}:{mail.key}",
        now=now,
        reply_to=str(MailAddress(facts.owner.name, addr_spec=facts.owner.email)),
    )
    issue_token(TokenKind.FOLLOW, mail, subject=public_id, person_id=person_id, now=now)
