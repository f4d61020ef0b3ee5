"""What pages and mails have in common: filters and the translation functions."""

from datetime import date, datetime

from jinja2 import Environment, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from portal.core import i18n


def iso(value: date | datetime) -> str:
    """ISO 8601, for `datetime` attributes."""
    return value.isoformat() if not isinstance(value, datetime) else value.isoformat(timespec="seconds")


@pass_context
def ngettext(context: Context, singular: str, plural: str, count: int, **values: object) -> str:
    """As `core.i18n.ngettext`, for templates: fills in `%(count)s` and Jinja's own `%(num)s`; values are escaped."""
    text = i18n.template_ngettext(singular, plural, count)
    shown = {"num": count, "count": i18n.format_number(count), **values}
    return (Markup(text) if context.eval_ctx.autoescape else text) % shown  # noqa: S704 - our own text, escaping values


def prepare_environment(environment: Environment) -> None:
    """Give a Jinja environment our filters and translations."""
    environment.add_extension("jinja2.ext.i18n")
    environment.install_gettext_callables(  # type: ignore[attr-defined]  # added by the extension
        i18n.template_gettext, i18n.template_ngettext, newstyle=True
    )
    environment.globals["ngettext"] = ngettext
    environment.filters.update(
        day=i18n.format_day,
        moment=i18n.format_moment,
        short_day=i18n.format_short_day,
        number=i18n.format_number,
        language=i18n.language_name,
        iso=iso,
    )
