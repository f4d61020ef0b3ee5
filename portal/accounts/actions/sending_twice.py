"""A double click: the second request comes with the cookie from before the first one made the session a new one.

So the new secret follows from the former one and from the form that was sent. The very same form, within a minute or
two, finds the session that the first click made; a copy of the former cookie finds nothing without the password or the
code that stood in the form.
"""

from datetime import datetime

from portal.accounts.actions.limits import allow_sending_again
from portal.accounts.queries import find_identity
from portal.accounts.rules import TooOften, minutes_to_try
from portal.core.settings import current_settings
from portal.core.tokens import keyed_hash


def next_secret(former: str, sent: str, now: datetime) -> str:
    """The secret that a session has once a browser that held `former` has sent `sent` (see `forms.what_was_sent`)."""
    return _secret(former, sent, minutes_to_try(now)[0])


def secret_after(former: str, sent: str, now: datetime) -> str:
    """The secret of the session that a browser has because it has sent the same before; empty when it has not.

    A few tries for each former secret, so that nobody guesses what was sent.
    """
    if not former:
        return ""
    try:
        allow_sending_again(keyed_hash(current_settings().secret_key, f"sent-again:{former}"), now)
    except TooOften:
        return ""
    secrets = (_secret(former, sent, minute) for minute in minutes_to_try(now))
    return next((secret for secret in secrets if find_identity(secret, now) is not None), "")


def _secret(former: str, sent: str, minute: int) -> str:
    text = f"next-secret:{minute}:{former}:{sent}"
    return keyed_hash(current_settings().secret_key, text)
