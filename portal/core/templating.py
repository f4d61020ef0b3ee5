"""What pages and mails have in common: filters and the translation functions."""

from datetime import date, datetime
from functools import cache, lru_cache
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context, select_autoescape
from jinja2.runtime import Context
from markupsafe import Markup

from portal.core import i18n
from portal.core.paths import TEMPLATES

_TEXTS_KEPT: Final = 4096


def iso(value: date | datetime) -> str:
    """ISO 8601, for `datetime` attributes."""
    return value.isoformat() if not isinstance(value, datetime) else value.isoformat(timespec="seconds")


@pass_context
def ngettext(context: Context, singular: str, plural: str, count: int, **values: object) -> str:
    """As `core.i18n.ngettext`, for templates: fills in `%(count)s` and Jinja's own `%(num)s`; values are escaped."""
    text = i18n.template_ngettext(singular, plural, count)
    shown = {"num": count, "count": i18n.format_number(count), **i18n.isolated(values)}
    return (Markup(text) if context.eval_ctx.autoescape else text) % shown  # noqa: S704 - our own text, escaping values


@pass_context
def gettext(context: Context, text: str, **values: object) -> str:
    """The reader's words for `text`, for templates: values are filled in and escaped.

    Jinja's own treats every text as one with values; most have none, and a page says fifty of them.
    """
    said = i18n.template_gettext(text)
    if not context.eval_ctx.autoescape:
        return said % i18n.isolated(values)
    return Markup(said) % i18n.isolated(values) if values else _without_values(said)  # noqa: S704 - our own text, escaping values


@lru_cache(_TEXTS_KEPT)
def _without_values(said: str) -> Markup:
    return Markup(said) % {}  # noqa: S704 - our own text


def prepare_environment(environment: Environment) -> None:
    """Give a Jinja environment our filters and translations."""
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        i18n.template_gettext, i18n.template_ngettext, newstyle=True
    )
    environment.globals.update(_=gettext, gettext=gettext, ngettext=ngettext)
    environment.filters.update(
        day=i18n.format_day,
        moment=i18n.format_moment,
        short_day=i18n.format_short_day,
        number=i18n.format_number,
        language=i18n.language_name,
        iso=iso,
    )


def render_document(template: str, **context: object) -> str:
    """A page that leaves the site, as a mail or a copy does: `template` for whoever reads now, without a request."""
    language = {"page_locale": i18n.reader().locale, "page_direction": i18n.babel_locale().text_direction}
    return _documents().get_template(template).render({**language, **context})


@cache
def _documents() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    prepare_environment(environment)
    return environment
