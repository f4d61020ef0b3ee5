"""What a "You said, we did" post must say before anybody reads it."""

from typing import Final

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.surveys.states import PostState

#: Most characters of either part: it is read in passing.
LENGTH: Final = 1000


class PostLacks(PortalError):
    """A part of a post is missing or too long; `field` says which."""

    def __init__(self, message: str, field: str) -> None:
        super().__init__(message)
        self.field = field


class PostMoved(PortalError):
    """A colleague published a post, took it back or threw it away in the meantime."""


def tidy(words: str) -> str:
    """What was typed, without blanks around it."""
    return words.replace("\r\n", "\n").strip()


def check_post(said: str, did: str) -> None:
    """Raise PostLacks unless both parts say something, and not too much."""
    for field, words, missing in (
        ("said", said, _("Please write what candidates told you.")),
        ("did", did, _("Please write what you changed.")),
    ):
        if not words:
            raise PostLacks(missing, field)
        if len(words) > LENGTH:
            raise PostLacks(_("Please keep this under %(max)s characters.", max=LENGTH), field)


def check_draft(state: PostState) -> None:
    """Raise PostMoved for what is published: it is taken back before it is changed."""
    if state is PostState.PUBLISHED:
        raise PostMoved(_("A colleague has published it in the meantime. Nothing was changed."))


def check_published(state: PostState) -> None:
    """Raise PostMoved for what nobody can read anyway."""
    if state is not PostState.PUBLISHED:
        raise PostMoved(_("A colleague has taken it back in the meantime."))
