"""The words of the mails, the one way to render a mail, and whose mail could not be written."""

from portal.wording.queries.held_back import (
    HeldBackMail,
    held_back_count,
    held_back_page,
    is_held_back,
    title_of,
)
from portal.wording.queries.words import (
    CurrentWords,
    MailLine,
    Version,
    current_words,
    draft_text,
    every_mail,
    find_mail,
    find_version,
    mail_lines,
    our_words,
    render,
    render_example,
    version_count,
    versions,
)

__all__ = [
    "CurrentWords",
    "HeldBackMail",
    "MailLine",
    "Version",
    "current_words",
    "draft_text",
    "every_mail",
    "find_mail",
    "find_version",
    "held_back_count",
    "held_back_page",
    "is_held_back",
    "mail_lines",
    "our_words",
    "render",
    "render_example",
    "title_of",
    "version_count",
    "versions",
]
