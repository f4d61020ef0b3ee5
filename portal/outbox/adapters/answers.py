"""What a mail server's answers and the errors of a conversation mean for a message."""

import smtplib
import ssl
from functools import singledispatch

from portal.outbox.rules import Blame, Refused, TryLater
from portal.outbox.states import Reason

#: Replies that ask for a login, or for a better one, at whatever command they come.
_LOGIN_CODES = frozenset({530, 534, 535, 538})
#: Replies to RCPT and to the message that ask to come back later: the whole domain slows down.
_SLOW_CODES = frozenset({421, 451})
#: What the next message would meet as well, whoever it is for.
_ABOUT_SERVER = frozenset({Reason.UNREACHABLE, Reason.CERTIFICATE, Reason.NO_ENCRYPTION, Reason.LOGIN, Reason.SENDER})
_TEXT_LENGTH = 200


@singledispatch
def outcome_of(error: Exception) -> TryLater | Refused:
    """What an error of the conversation means for the message."""
    return TryLater(Reason.UNREACHABLE, text=said(str(error)))


@outcome_of.register
def _value(error: ValueError) -> TryLater | Refused:
    return Refused(Reason.MALFORMED, text=said(str(error)))


@outcome_of.register
def _other(error: smtplib.SMTPException) -> TryLater | Refused:
    return TryLater(Reason.CUT_OFF, text=said(str(error)))


@outcome_of.register
def _no_greeting(error: smtplib.SMTPConnectError) -> TryLater | Refused:
    reason = Reason.BUSY if error.smtp_code == 421 else Reason.UNREACHABLE
    return TryLater(reason, error.smtp_code, said(error.smtp_error))


@outcome_of.register
def _no_login(error: smtplib.SMTPAuthenticationError) -> TryLater | Refused:
    return TryLater(Reason.LOGIN, error.smtp_code, said(error.smtp_error))


@outcome_of.register
def _not_offered(error: smtplib.SMTPNotSupportedError) -> TryLater | Refused:
    reason = Reason.LOGIN if "AUTH" in str(error) else Reason.NO_ENCRYPTION
    return TryLater(reason, text=said(str(error)))


@outcome_of.register
def _no_sender(error: smtplib.SMTPSenderRefused) -> TryLater | Refused:
    outcome = _answer(error.smtp_code, error.smtp_error)
    # That our address is not taken says nothing about the one we write to; that the message is too large does.
    if isinstance(outcome, Refused) and error.smtp_code != 552:
        return TryLater(Reason.SENDER, error.smtp_code, outcome.text)
    return outcome


@outcome_of.register
def _no_recipient(error: smtplib.SMTPRecipientsRefused) -> TryLater | Refused:
    code, text = next(iter(error.recipients.values()))
    return _answer(code, text, is_about_recipient=True)


@outcome_of.register
def _no_message(error: smtplib.SMTPDataError) -> TryLater | Refused:
    return _answer(error.smtp_code, error.smtp_error)


@outcome_of.register
def _no_certificate(error: ssl.SSLCertVerificationError) -> TryLater | Refused:
    return TryLater(Reason.CERTIFICATE, text=said(error.verify_message))


@outcome_of.register
def _no_tls(error: ssl.SSLError) -> TryLater | Refused:
    return TryLater(Reason.NO_ENCRYPTION, text=said(str(error)))


def _answer(code: int, text: bytes | str, *, is_about_recipient: bool = False) -> TryLater | Refused:
    """What the server's reply `code` to a message says about it (RFC 5321, 4.2.1)."""
    words = said(text)
    if code in _LOGIN_CODES:
        return TryLater(Reason.LOGIN, code, words)
    if code == 421:
        return TryLater(Reason.BUSY, code, words)
    if 400 <= code < 500:
        return TryLater(Reason.NOT_NOW, code, words)
    if 500 <= code < 600:
        return Refused(Reason.REFUSED, code, words, is_about_recipient)
    return TryLater(Reason.CUT_OFF, max(code, 0), words)


def blame_for(outcome: TryLater, *, has_named_recipient: bool) -> Blame:
    """Whether a failed try says something about our server, about the domain or about the message.

    A server that hangs up or hangs after it heard whom the message is for may have stumbled over this one, so the
    message is counted a try: else one that no server survives would go round for ever.
    """
    if outcome.reason in _ABOUT_SERVER:
        return Blame.SERVER
    if has_named_recipient:
        return Blame.DOMAIN if outcome.code in _SLOW_CODES else Blame.MESSAGE
    # A server that is well but has no room for one this large says so before it hears whom the message is for.
    is_about_message = outcome.reason is Reason.NOT_NOW and outcome.code not in _SLOW_CODES
    return Blame.MESSAGE if is_about_message else Blame.SERVER


def said(text: bytes | str) -> str:
    """A server's words on one line, cut to what is worth keeping."""
    whole = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(whole.split())[:_TEXT_LENGTH]
