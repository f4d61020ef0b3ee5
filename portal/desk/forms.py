"""How the list of people is narrowed."""

from flask import request
from wtforms import StringField

from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import Form

_LONGEST = 200


class SearchForm(Form):
    """Whom somebody looks for; it stays in the URL."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Name, address or tag"), render_kw={"data-key": "/", "aria-keyshortcuts": "/"})

    def __init__(self) -> None:
        super().__init__(formdata=request.args)

    @property
    def search(self) -> str:
        """What was typed, white space folded."""
        return " ".join((self.q.data or "").split())[:_LONGEST]
