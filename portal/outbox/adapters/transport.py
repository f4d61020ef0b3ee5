"""Handing messages over: Flask-Mail's connection with a deadline, a certificate check, reuse and outcomes."""

import smtplib
import ssl
from dataclasses import replace
from typing import Self

from flask_mail import Connection, Mail

from portal.outbox.adapters.answers import blame_for, outcome_of, said
from portal.outbox.adapters.conversation import Conversation, Deadline, MailServer, Security
from portal.outbox.adapters.message import OutgoingMail
from portal.outbox.rules import Accepted, Blame, Outcome, Refused, TryLater
from portal.outbox.states import Reason

#: Seconds for one whole conversation; a worker that is told to leave does so within 30.
DEADLINE = 25.0
_QUIT_SECONDS = 2.0
#: The reply to STARTTLS that lets the encryption begin.
_READY = 220


class Transport(Connection):
    """Hands messages to one mail server, over one connection as long as that holds; use it with `with`.

    `hello` is the domain we introduce ourselves with. `authorities` replaces the system's certificate authorities
    (tests bring their own). `deadline` is the time for one message, in seconds.
    """

    def __init__(
        self, server: MailServer, hello: str, authorities: ssl.SSLContext | None = None, deadline: float = DEADLINE
    ) -> None:
        mail = Mail()
        mail.state = mail.init_mail({"MAIL_SERVER": server.host, "MAIL_PORT": server.port})
        super().__init__(mail)
        self._server = server
        self._hello = hello.encode("idna").decode()
        # Reading the system's authorities takes many messages' time, so only where they are asked.
        is_plain = server.security is Security.NONE
        self._context = authorities or (None if is_plain else ssl.create_default_context())
        self._seconds = deadline
        self._deadline = Deadline()
        self._talk: Conversation | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._deadline.begin(_QUIT_SECONDS)
        try:
            if self._talk is not None:
                self._talk.quit()
        except (OSError, ValueError):
            pass  # all messages have had their answers
        finally:
            self._deadline.end()
            self._hang_up()

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt and log in, as the settings say; for one who wants to see whether that works.

        Raises TimeoutError when it took too long, and else whatever went wrong.
        """
        self._deadline.begin(self._seconds)
        try:
            talk = self._begin()
        except (OSError, ValueError) as error:
            if self._deadline.end():
                self._hang_up()
                raise TimeoutError(self._too_slow(Blame.SERVER).text) from error
            raise
        if self._deadline.end():
            self._hang_up()
            raise TimeoutError(self._too_slow(Blame.SERVER).text)
        return talk

    def _begin(self) -> Conversation:
        talk = Conversation(self._server, self._hello, self._deadline, self._context)
        self._talk = self.host = talk
        if self._server.security is Security.STARTTLS:
            code, text = talk.starttls(context=self._context)
            if code != _READY:
                raise smtplib.SMTPNotSupportedError(f"STARTTLS was answered {code} {said(text)}")
        if self._server.username:
            talk.login(self._server.username, self._server.password)
        return talk

    def connect(self) -> TryLater | None:
        """Make sure that there is a connection; None when there is, else why not: nothing is tried then."""
        if self._talk is not None:
            return None
        self._deadline.begin(self._seconds)
        reached = self._reach()
        failure = reached if isinstance(reached, TryLater) else None
        if self._deadline.end():
            failure = replace(self._too_slow(Blame.SERVER), is_before_message=True)
        if failure is not None:
            self._hang_up()
        return failure

    def deliver(self, message: OutgoingMail) -> Outcome:
        """Hand `message` over.

        A connection that was kept from the message before and turns out to be dead is replaced once.
        """
        self._deadline.begin(self._seconds)
        was_kept = self._talk is not None
        outcome = self._attempt(message)
        if was_kept and self._is_stale(outcome):
            self._hang_up()
            outcome = self._attempt(message)
        if self._deadline.end() and not isinstance(outcome, Accepted):
            outcome = self._too_slow(self._blame(TryLater(Reason.TOO_SLOW)))
        if self._is_spoilt_by(outcome):
            self._hang_up()
        return outcome

    def _attempt(self, message: OutgoingMail) -> Outcome:
        talk = self._reach()
        if isinstance(talk, TryLater):
            return talk
        talk.begin_message()
        try:
            talk.hand_over(message.sender, message.recipient, message.raw)
        except (OSError, ValueError) as error:
            outcome = outcome_of(error)
            return replace(outcome, blame=self._blame(outcome)) if isinstance(outcome, TryLater) else outcome
        return Accepted()

    def _reach(self) -> Conversation | TryLater:
        try:
            return self._talk or self._begin()
        except (OSError, ValueError) as error:
            found = outcome_of(error)
            # Whatever goes wrong before a message is spoken of says nothing about it.
            reason = Reason.LOGIN if isinstance(found, Refused) else found.reason
            return TryLater(reason, found.code, found.text, Blame.SERVER, is_before_message=True)

    def _too_slow(self, blame: Blame) -> TryLater:
        return TryLater(Reason.TOO_SLOW, text=f"no answer within {self._seconds:g} seconds", blame=blame)

    def _blame(self, outcome: TryLater) -> Blame:
        return blame_for(outcome, has_named_recipient=self._talk is not None and self._talk.has_named_recipient)

    def _is_stale(self, outcome: Outcome) -> bool:
        is_gone = isinstance(outcome, TryLater) and outcome.reason in {Reason.CUT_OFF, Reason.BUSY}
        return is_gone and self._talk is not None and not self._talk.has_begun_data

    def _is_spoilt_by(self, outcome: Outcome) -> bool:
        """Whether the next message needs a new connection."""
        if isinstance(outcome, TryLater) and outcome.spoils_connection:
            return True
        return self._talk is not None and self._talk.sock is None

    def _hang_up(self) -> None:
        if self._talk is not None:
            self._talk.close()
        self._talk = self.host = None
        self._deadline.forget()
