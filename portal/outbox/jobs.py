"""What the worker does for the outbox: sending what is due, taking in what comes, forgetting what is old."""

import ssl
import threading
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

from portal.company.queries import sharing_settings
from portal.core.clock import monotonic, now
from portal.core.db import end_reading
from portal.core.i18n import gettext as _
from portal.core.leases import wake_job
from portal.core.logs import log
from portal.core.pausing import pause
from portal.core.settings import Settings, current_settings
from portal.outbox import actions, queries, rules
from portal.outbox.actions import ClaimedMail
from portal.outbox.adapters import (
    DEADLINE,
    MailboxReader,
    MailboxTrouble,
    MailServer,
    MalformedMail,
    MessageRefused,
    Transport,
    compose,
    mail_server,
    mailbox_address,
)
from portal.outbox.queries import ServerTrouble
from portal.outbox.rules import Accepted, Blame, Doubts, Outcome, Refused, TryLater
from portal.outbox.states import Reason

#: Seconds of sending before other jobs have their turn.
_BUDGET = 5.0
#: A message is only sent while so much of its lease is left: a worker that was frozen lets go of it.
_MARGIN = timedelta(seconds=60)
#: Messages fetched from the mailbox, and looked at, before other jobs have their turn.
_MESSAGES_AT_ONCE = 200
_SORTED_AT_ONCE = 500


class MailSender:
    """One worker's sending: one message at a time, claimed, sent, marked.

    In development every message goes to the development mailbox, and to the mail server as well when there is one.
    `authorities` replaces the system's certificate authorities.
    """

    def __init__(
        self,
        owner: str,
        stop: threading.Event,
        settings: Settings | None = None,
        authorities: ssl.SSLContext | None = None,
        deadline: float = DEADLINE,
    ) -> None:
        self._owner = owner
        self._stop = stop
        self._settings = settings or current_settings()
        self._server: MailServer | None = mail_server(self._settings.mail_url) if self._settings.mail_url else None
        self._authorities = authorities
        self._deadline = deadline
        #: The trouble of our mail server that is written down.
        self._trouble: ServerTrouble | None = None
        self._doubts = Doubts()

    def send_due_mail(self, budget: float = _BUDGET) -> int:
        """Send what is due, for about `budget` seconds; returns how many messages were taken up.

        Stops early when told to leave. When the mail server is in trouble all workers rest, so that one failure of
        the server does not count against every message.
        """
        if self._stop.is_set() or not queries.is_mail_due(now()) or self._is_resting():
            return 0
        taken = 0
        ends = monotonic() + budget
        with self._open() as transport, sharing_settings():
            claimed = actions.claim_next(self._owner, now())
            while claimed is not None:
                taken += 1
                outcome = self._hand_over(claimed, transport)
                rests = self._rests_after(outcome)
                claimed = self._note(claimed, outcome, is_last=rests or self._stop.is_set() or monotonic() > ends)
        return taken

    def _open(self) -> AbstractContextManager[Transport | None]:
        if self._server is None:
            return nullcontext()
        return Transport(self._server, self._settings.mail_domain, self._authorities, self._deadline)

    def _is_resting(self) -> bool:
        self._trouble = queries.mail_server_trouble()
        return self._trouble is not None and rules.is_resting(self._trouble.until, now())

    def _hand_over(self, claimed: ClaimedMail, transport: Transport | None) -> Outcome | None:
        """What came of it; None when the message was not tried and is somewhere else by now."""
        try:
            message = compose(claimed.letter, self._settings, now())
        except MalformedMail as problem:
            return Refused(Reason.MALFORMED, text=problem.message)
        failure = transport.connect() if transport is not None else None
        if failure is not None:
            return failure
        if not self._may_send(claimed):
            return None
        if not self._settings.is_production and not actions.keep_for_developers(
            claimed, self._settings.mail_from, message.headers, now()
        ):
            return None
        return self._believed(claimed, transport.deliver(message)) if transport is not None else Accepted()

    def _believed(self, claimed: ClaimedMail, outcome: Outcome) -> Outcome:
        """What the mail server said, unless it says the same to everybody."""
        key = claimed.letter.key
        if isinstance(outcome, Accepted):
            self._doubts.note_accepted(key)
        if not isinstance(outcome, Refused):
            return outcome
        is_in_doubt = self._trouble is not None and self._trouble.reason is Reason.REFUSED
        return self._doubts.judge(key, outcome, is_server_in_doubt=is_in_doubt)

    def _may_send(self, claimed: ClaimedMail) -> bool:
        """A last look: we are not leaving, the lease is long enough, and nothing has been withdrawn meanwhile."""
        if self._stop.is_set():
            actions.release(claimed, now())
            return False
        if now() > claimed.lease_until - _MARGIN:
            log.warning("mail was held too long", delivery=claimed.letter.key)
            actions.release(claimed, now())
            return False
        may_go = actions.may_still_go(claimed, now())
        if not may_go:
            log.info("mail was stopped at the last moment", delivery=claimed.letter.key)
        return may_go

    def _note(self, claimed: ClaimedMail, outcome: Outcome | None, *, is_last: bool) -> ClaimedMail | None:
        """Mark the message, and take up the next unless this was the last."""
        following: ClaimedMail | None = None
        is_ours = True
        about = {"delivery": claimed.letter.key, "kind": claimed.letter.kind, "tries": claimed.attempts}
        if isinstance(outcome, Accepted):
            if is_last:
                is_ours = actions.mark_sent(claimed, now())
            else:
                is_ours, following = actions.mark_sent_and_claim_next(claimed, self._owner, now())
            self._note_that_server_works()
            log.info("mail sent", **about)
        elif outcome is not None:
            is_ours = actions.mark_failed_try(claimed, outcome, now())
            log.warning("mail not sent", **about, reason=outcome.reason, code=outcome.code, text=outcome.text)
        if not is_ours:
            log.warning("mail went to another worker", **about)
        if is_last or isinstance(outcome, Accepted):
            return following
        return actions.claim_next(self._owner, now())

    def _rests_after(self, outcome: Outcome | None) -> bool:
        """Whether the server itself is in trouble; all workers are told then."""
        if not isinstance(outcome, TryLater) or not (outcome.blame is Blame.SERVER or outcome.may_have_arrived):
            return False
        if actions.note_server_trouble(outcome, now()):
            log.warning("mail server in trouble", reason=outcome.reason, code=outcome.code, text=outcome.text)
        return True

    def _note_that_server_works(self) -> None:
        if self._trouble is not None:
            lasted = actions.note_server_works(now())
            self._trouble = None
            if lasted is not None:
                log.warning("mail server works again", hours=round(lasted / timedelta(hours=1), 2))


def fetch_mail(at: datetime, authorities: ssl.SSLContext | None = None) -> None:
    """Keep what has come into the mailbox since we last looked; nothing when the settings name none.

    Each message is kept in one transaction with its number and marked as seen after that, so whatever is killed in
    between loses nothing and keeps nothing twice. One that the server refuses is noted once it hands out a later one.
    """
    settings = current_settings()
    if not settings.mailbox_url:
        return
    where = mailbox_address(settings.mailbox_url)
    name = where.name(settings.secret_key)
    try:
        with MailboxReader(where, authorities) as box:
            _fetch(box, name, at)
    except MailboxTrouble as trouble:
        if actions.note_mailbox_trouble(name, trouble.message, at):
            log.warning("mailbox cannot be read", text=trouble.message)


def _fetch(box: MailboxReader, name: str, at: datetime) -> None:
    standing = queries.mailbox_standing(name)
    is_same = standing is not None and standing.uid_validity == box.uid_validity
    end_reading()
    numbers = box.new_numbers(standing.last_uid if standing is not None and is_same else 0)
    refused: dict[int, MessageRefused] = {}
    for uid in numbers[:_MESSAGES_AT_ONCE]:
        try:
            raw = box.message(uid)
        except MessageRefused as refusal:
            refused[uid] = refusal
            continue
        # The server hands out others, so those before this one are damaged: they hold nothing up, and an admin looks.
        for number, words in refused.items():
            actions.keep_from_mailbox(name, box.uid_validity, number, _in_place_of(box, number, words), at)
        refused.clear()
        if raw is None:
            actions.skip_in_mailbox(name, box.uid_validity, uid)
            continue
        actions.keep_from_mailbox(name, box.uid_validity, uid, raw, at)
        box.mark_seen(uid)
        pause()
    if refused:
        raise next(iter(refused.values()))
    actions.note_mailbox_works(name, box.uid_validity, at)
    if len(numbers) > _MESSAGES_AT_ONCE:
        wake_job("outbox/fetch_mail", at)
    if numbers:
        wake_job("outbox/sort_mail", at)


def _in_place_of(box: MailboxReader, uid: int, refusal: MessageRefused) -> bytes:
    """What is kept of a message that its server does not hand out."""
    subject = _("A mail that the mailbox does not hand out")
    named = f"Message-ID: <{box.uid_validity}.{uid}@mailbox>"
    return f"Subject: {subject}\r\n{named}\r\n\r\n{uid}: {refusal.message}\r\n".encode()


def sort_mail(at: datetime) -> None:
    """Look at what came in, one message after the other."""
    for mail_id in queries.new_mail(_SORTED_AT_ONCE):
        end_reading()
        actions.sort_mail(mail_id, at)
        pause()
    end_reading()
    if queries.replies_to_take_in():
        wake_job("conversations/take_in_replies", at)


def empty_old_incoming(at: datetime) -> None:
    """Forget what mail said that was dealt with a month ago, a few hundred to a transaction."""
    while actions.empty_old_incoming(at):
        pass


def blank_old_mail(at: datetime) -> None:
    """Empty the messages that ended 30 days ago, a few hundred to a transaction."""
    while actions.blank_old_mail(at):
        pass


def forget_old_dev_mail(at: datetime) -> None:
    """Delete what the development mailbox has held for 30 days."""
    actions.forget_old_dev_mail(at)


def forget_quiet_domains(at: datetime) -> None:
    """Delete domains that were slow and to which no mail has gone for a week, and what we kept of old troubles."""
    actions.forget_quiet_domains(at)
