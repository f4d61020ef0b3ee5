"""What the worker does for the outbox: sending what is due, forgetting what is old."""

import ssl
import threading
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime, timedelta

from portal.core.clock import monotonic, now
from portal.core.logs import log
from portal.core.settings import Settings, current_settings
from portal.outbox import actions, queries
from portal.outbox.actions import ClaimedMail
from portal.outbox.adapters import DEADLINE, MailServer, MalformedMail, OutgoingMail, Transport, compose, mail_server
from portal.outbox.rules import Accepted, Outcome, Reason, Refused, TryLater, pause_after

#: Seconds of sending before other jobs have their turn.
_BUDGET = 5.0
#: A message is only sent while so much of its lease is left: a worker that was frozen lets go of it.
_MARGIN = timedelta(seconds=60)


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
        self._troubles = 0
        #: On the clock that never goes back.
        self._rests_until = 0.0

    def send_due_mail(self, budget: float = _BUDGET) -> int:
        """Send what is due, for about `budget` seconds; returns how many messages were taken up.

        Stops early when told to leave, and rests for a while when the mail server is in trouble, so that one failure
        of the server does not count against every message.
        """
        if self._is_resting() or not queries.is_mail_due(now()):
            return 0
        taken = 0
        ends = monotonic() + budget
        with self._open() as transport:
            while monotonic() < ends and not self._stop.is_set() and not self._is_resting():
                claimed = actions.claim_next(self._owner, now())
                if claimed is None:
                    break
                taken += 1
                self._send(claimed, transport)
        return taken

    def _open(self) -> AbstractContextManager[Transport | None]:
        if self._server is None:
            return nullcontext()
        return Transport(self._server, self._settings.mail_domain, self._authorities, self._deadline)

    def _is_resting(self) -> bool:
        return monotonic() < self._rests_until

    def _send(self, claimed: ClaimedMail, transport: Transport | None) -> None:
        if self._stop.is_set():
            actions.release(claimed, now())
            return
        try:
            message = compose(claimed.letter, self._settings, now())
        except MalformedMail as problem:
            self._note(claimed, Refused(Reason.MALFORMED, text=problem.message))
            return
        if not self._settings.is_production and not self._keep(claimed, message):
            return
        if now() > claimed.lease_until - _MARGIN:
            log.warning("mail was held too long", delivery=claimed.letter.key)
            return
        self._note(claimed, transport.deliver(message) if transport is not None else Accepted())

    def _keep(self, claimed: ClaimedMail, message: OutgoingMail) -> bool:
        return actions.keep_for_developers(claimed, self._settings.mail_from, message.headers, now())

    def _note(self, claimed: ClaimedMail, outcome: Outcome) -> None:
        about = {"delivery": claimed.letter.key, "kind": claimed.letter.kind, "tries": claimed.attempts}
        if isinstance(outcome, Accepted):
            is_ours = actions.mark_sent(claimed, now())
            log.info("mail sent", **about)
        else:
            is_ours = actions.mark_failed_try(claimed, outcome, now())
            log.warning("mail not sent", **about, reason=outcome.reason, code=outcome.code, text=outcome.text)
        if not is_ours:
            log.warning("mail went to another worker", **about)
        self._rest_after(outcome)

    def _rest_after(self, outcome: Outcome) -> None:
        is_trouble = isinstance(outcome, TryLater) and outcome.is_about_server
        self._troubles = self._troubles + 1 if is_trouble else 0
        self._rests_until = monotonic() + pause_after(self._troubles).total_seconds() if is_trouble else 0.0


def blank_old_mail(at: datetime) -> None:
    """Empty the messages that ended 30 days ago, a few hundred to a transaction."""
    while actions.blank_old_mail(at):
        pass


def forget_old_dev_mail(at: datetime) -> None:
    """Delete what the development mailbox has held for 30 days."""
    actions.forget_old_dev_mail(at)
