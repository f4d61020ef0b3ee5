"""The mail of an update, for the feature above that sends it."""

from portal.core.mail import RenderedMail
from portal.people.queries import Recipient
from portal.updates import emails
from portal.updates.rules import UpdateContent


def mail_of_update(to: Recipient, content: UpdateContent, slug: str, author_name: str) -> RenderedMail:
    """The mail that carries `content` to one reader, in their language; raises RenderedTooLate inside a transaction."""
    return emails.update(to, content, slug, author_name)
