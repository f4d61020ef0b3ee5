"""Rendering mail, before any transaction: the message with places for its tokens, and its HTML with styles inline."""

from dataclasses import dataclass
from functools import cache

import css_inline

from portal.core.identifiers import new_public_id
from portal.core.templating import render_document
from portal.core.tokens import TokenKind

_SUBJECT_LENGTH = 200


@dataclass(frozen=True)
class RenderedMail:
    """A message ready to be stored, with places where its tokens go when it is sent.

    `key` names the delivery to be; tokens are derived from it, and the places carry it, so that nobody who writes
    into the message can put a token there.
    """

    key: str
    kind: str
    subject: str
    text: str
    html: str
    locale: str


class TokenPlaces:
    """What a mail's template calls to say where a token or a code stands."""

    def __init__(self, key: str) -> None:
        self.key = key

    def token(self, kind: str) -> str:
        """Stands for the token of `kind` until the message is sent."""
        return token_place(self.key, TokenKind(kind))

    def code(self, kind: str) -> str:
        """Stands for the six-digit code of `kind` until the message is sent."""
        return code_place(self.key, TokenKind(kind))


def token_place(key: str, kind: TokenKind) -> str:
    """The mark in a stored message that is replaced by the token."""
    return f"--token-{kind}-{key}--"


def code_place(key: str, kind: TokenKind) -> str:
    """The mark in a stored message that is replaced by the code."""
    return f"--code-{kind}-{key}--"


def new_places() -> TokenPlaces:
    """The places of a new message; its key is that of the delivery to be."""
    return TokenPlaces(new_public_id() + new_public_id())


def mail_html(template: str, **context: object) -> str:
    """The HTML of a message: `template` for whoever reads now, with its styles put inline."""
    return _inliner().inline(render_document(template, **context))


def one_line(subject: str) -> str:
    """A subject as a header holds it: one line of at most 200 characters."""
    return " ".join(subject.split())[:_SUBJECT_LENGTH]


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
