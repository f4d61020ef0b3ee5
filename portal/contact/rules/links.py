"""What a link in the foot of a mail is about: a person, and one purpose, the surveys, or everything."""

from dataclasses import dataclass
from typing import Final

from portal.contact.states import MailClass, Purpose

_ALL: Final = "all"
_SURVEYS: Final = "surveys"


@dataclass(frozen=True)
class Link:
    """Whose link it is, and what pressing its button stops; with neither a purpose nor surveys: everything."""

    public_id: str
    purpose: Purpose | None = None
    is_surveys: bool = False

    @property
    def is_everything(self) -> bool:
        return self.purpose is None and not self.is_surveys


def link_subject(public_id: str, mail_class: MailClass, purpose: Purpose | None) -> str:
    """What the token of a mail's link says: the person's public id, and what the mail was about."""
    about = _SURVEYS if mail_class is MailClass.SURVEY else str(purpose or _ALL)
    return f"{public_id}:{about}"


def read_link(subject: str) -> Link | None:
    """The link that `link_subject` wrote; None for anything else."""
    public_id, _colon, about = subject.partition(":")
    if not public_id:
        return None
    if about == _ALL:
        return Link(public_id)
    if about == _SURVEYS:
        return Link(public_id, is_surveys=True)
    known = {str(purpose): purpose for purpose in Purpose}
    return Link(public_id, known[about]) if about in known else None
