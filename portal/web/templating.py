"""What every page's template can use."""

import hashlib
import re
from collections.abc import Callable, MutableMapping
from functools import cache
from typing import Any, Final

from flask import Flask, request
from flask.templating import Environment
from jinja2 import StrictUndefined, nodes
from jinja2.compiler import CodeGenerator, Frame
from markupsafe import escape

from portal.core.i18n import babel_locale
from portal.core.paths import STATIC
from portal.core.settings import Settings
from portal.core.templating import prepare_environment
from portal.web.identity import Identity, maybe_identity

_SPECIAL: Final = re.compile("[&<>'\"]")
#: For whoever is asking: home_href and the menus navigation, account_links, footer_links.
Menus = Callable[[Identity | None], dict[str, Any]]


def as_text(value: object) -> str:
    """What stands in a page for `value`, as `markupsafe.escape` has it, without making a Markup of each small piece."""
    if type(value) is str:
        return value if _SPECIAL.search(value) is None else escape(value)
    if hasattr(value, "__html__"):
        html: str = value.__html__()
        return html
    return escape(str(value))


class _OwnGenerator(CodeGenerator):
    """Compiles `{{ value }}` to `as_text`: the pieces are joined at once, so that none need be a Markup of its own.

    Jinja has no public place for this. If an update of it takes this one away, pages are as right as before and
    slower; tests/core/test_pieces.py notices. Decision 0030.
    """

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape:
            super()._output_child_pre(node, frame, finalize)
            return
        self.write("environment.as_text(")
        if finalize.src is not None:
            self.write(finalize.src)


class _SharingEnvironment(Environment):
    """Templates share the site's globals: no template has any of its own.

    At each `import` Jinja compares the globals of both templates. In the copies that it makes by default that is a
    loop in Python, a tenth of a page's work.
    """

    code_generator_class = _OwnGenerator
    as_text = staticmethod(as_text)

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


class Site(Flask):
    """Flask with our templates' environment: an extension may ask for it before `prepare_templates` does."""

    jinja_environment = _SharingEnvironment

    def log_exception(self, exc_info: Any) -> None:
        """Say which route broke, not at which address: a token may stand there."""
        self.logger.error("exception at %s [%s]", request.url_rule or "-", request.method, exc_info=exc_info)


def prepare_templates(app: Flask, settings: Settings, menus: Menus) -> None:
    """Set up Jinja as pages need it."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.globals["asset"] = asset
    prepare_environment(environment)

    @app.context_processor
    def page_context() -> dict[str, Any]:
        locale = babel_locale()
        return {
            "org_name": settings.org_name,
            "page_locale": locale.language,
            "page_direction": locale.text_direction,
            "me": maybe_identity(),
            **menus(maybe_identity()),
        }


@cache
def asset(name: str) -> str:
    """The address of a static file, with a version that changes with its content."""
    version = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={version}"
