"""What came of getting in touch with somebody who gave a low score."""

from wtforms import TextAreaField

from portal.core.i18n import lazy_gettext as _l
from portal.tasks.rules import NOTE_LENGTH
from portal.web.forms import Form, at_most, required


class OutcomeForm(Form):
    """A word of what came of it."""

    words = TextAreaField(
        _l("What came of it"), [required(_l("Please say in a word what came of it.")), at_most(NOTE_LENGTH)]
    )
