"""Rendering mail: three files a message, before any transaction, in the reader's language."""

from dataclasses import dataclass
from functools import cache

import css_inline
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from portal.core.db import refuse_in_transaction
from portal.core.i18n import reader, reading_as
from portal.core.identifiers import new_public_id
from portal.core.paths import TEMPLATES
from portal.core.templating import prepare_environment
from portal.core.tokens import TokenKind


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
        self._key = key

    def token(self, kind: str) -> str:
        """Stands for the token of `kind` until the message is sent."""
        return token_place(self._key, TokenKind(kind))

    def code(self, kind: str) -> str:
        """Stands for the six-digit code of `kind` until the message is sent."""
        return code_place(self._key, TokenKind(kind))


def token_place(key: str, kind: TokenKind) -> str:
    """The mark in a stored message that is replaced by the token."""
    return f"--token-{kind}-{key}--"


def code_place(key: str, kind: TokenKind) -> str:
    """The mark in a stored message that is replaced by the code."""
    return f"--code-{kind}-{key}--"


def render_mail(kind: str, locale: str, zone: str, *, base_url: str, org_name: str, **values: object) -> RenderedMail:
    """Render `email/<kind>/{subject.txt,body.txt,body.html}` for a reader of `locale` in `zone`.

    `kind` is "feature/message". Raises RenderedTooLate inside a write transaction, jinja2.UndefinedError when a
    value is missing.
    """
    refuse_in_transaction(f"Rendering {kind}")
    key = new_public_id() + new_public_id()
    environment = _environment()
    with reading_as(locale, zone):
        context = {
            "base_url": base_url,
            "org_name": org_name,
            "places": TokenPlaces(key),
            "page_locale": reader().locale,
            **values,
        }
        subject = " ".join(environment.get_template(f"email/{kind}/subject.txt").render(context).split())
        text = environment.get_template(f"email/{kind}/body.txt").render(context).strip() + "\n"
        page = environment.get_template(f"email/{kind}/body.html").render(context, subject=subject)
    return RenderedMail(
        key=key, kind=kind, subject=subject[:200], text=text, html=_inliner().inline(page), locale=locale
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    prepare_environment(environment)
    return environment


@cache
def _inliner() -> css_inline.CSSInliner:
    return css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
