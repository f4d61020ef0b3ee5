"""The form in which a "You said, we did" post is written."""

from collections.abc import Sequence

from wtforms import SelectField, TextAreaField

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.surveys.rules.posts import LENGTH, PostLacks
from portal.web.forms import Form, at_most, options, required


class PostForm(Form):
    """What was said, in which survey, and what was done."""

    survey = SelectField(_l("From which survey"), [required(_l("Please choose the survey in which they said it."))])
    said = TextAreaField(_l("You said"), [required(_l("Please write what candidates told you.")), at_most(LENGTH)])
    did = TextAreaField(_l("We did"), [required(_l("Please write what you changed.")), at_most(LENGTH)])

    def __init__(self, surveys: Sequence[tuple[str, str]], **rest: str) -> None:
        """`surveys`: public ids and names of what was ever published."""
        super().__init__(data=rest)
        self.survey.choices = options([("", _("Choose a survey")), *surveys])

    def refuse(self, error: PostLacks) -> None:
        """Show what a rule said beside the field it is about."""
        self.put_error(error.field, error)
