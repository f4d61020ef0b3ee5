"""Whether a refusal "for policy" is about the message or about us: a misconfigured relay says it to every message."""

from portal.outbox.rules.outcomes import Blame, Refused, TryLater
from portal.outbox.rules.replies import is_about_policy

#: So many different messages refused in a row, and none accepted between: it is not them.
_TOO_MANY = 5


class Doubts:
    """What one worker remembers of refusals for policy since the server last took a message.

    Such a refusal is believed when it comes a second time although the server has taken others meanwhile. Until
    then the message is tried again; after five in a row the server is in trouble.
    """

    def __init__(self) -> None:
        #: Refused since the last message that was taken.
        self._in_a_row: set[str] = set()
        #: Refused once, before others were taken.
        self._one_look_left: set[str] = set()

    def note_accepted(self, key: str) -> None:
        """The server has taken the message `key`, so it works."""
        self._one_look_left |= self._in_a_row
        self._in_a_row.clear()
        self._one_look_left.discard(key)

    def judge(self, key: str, refused: Refused, *, is_server_in_doubt: bool) -> Refused | TryLater:
        """What the refusal of the message `key` means; `is_server_in_doubt`: such a trouble is noted already."""
        if not is_about_policy(refused):
            return refused
        if is_server_in_doubt:
            return _later(refused, Blame.SERVER)
        if key in self._one_look_left:
            self._one_look_left.discard(key)
            return refused
        self._in_a_row.add(key)
        if len(self._in_a_row) < _TOO_MANY:
            return _later(refused, Blame.MESSAGE)
        # None of them is to blame: each begins anew.
        self._in_a_row.clear()
        return _later(refused, Blame.SERVER)


def _later(refused: Refused, blame: Blame) -> TryLater:
    return TryLater(refused.reason, refused.code, refused.text, blame)
