"""What the pages about a member of staff ask: what candidates read of them, and when they are away."""

from typing import Any

from flask_wtf.file import FileField
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, ValidationError

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.pictures import CleanPicture, PictureRefused
from portal.people.adapters import PICTURE_LIMIT, read_picture
from portal.people.queries import StaffRow
from portal.web.forms import Form, at_most, options, required


class ProfileForm(Form):
    """What candidates read of a member of staff."""

    introduction = StringField(_l("One line about what you do"), [at_most(200)])
    say_name = StringField(_l("How to say your name"), [at_most(100)])
    school = StringField(_l("School"), [at_most(200)])
    talks = TextAreaField(_l("Talks and articles"), [at_most(1000)])
    picture = FileField(_l("Picture"))

    def validate_picture(self, field: FileField) -> None:
        # The name of a file alone says that one was chosen; without one the browser sends an empty part.
        chosen = field.data if getattr(field.data, "filename", "") else None
        self.clean_picture: CleanPicture | None = None
        if chosen is None:
            return
        try:
            self.clean_picture = read_picture(chosen.stream.read(PICTURE_LIMIT + 1))
        except PictureRefused as error:
            raise ValidationError(error.message) from error


class AbsenceForm(Form):
    """When a member of staff is away, and who stands in."""

    from_on = DateField(_l("First day away"), [InputRequired(_l("Please choose the first day."))])
    until_on = DateField(_l("Last day away"), [InputRequired(_l("Please choose the last day."))])
    stand_in = SelectField(_l("Who stands in"), [required(_l("Please choose a colleague."))])

    def __init__(self, colleagues: list[StaffRow], **rest: Any) -> None:
        super().__init__(**rest)
        choices = [(row.public_id, row.name or row.email) for row in colleagues]
        self.stand_in.choices = options([("", _("Choose a colleague")), *choices])
        self._ids = {row.public_id: row.person_id for row in colleagues}

    @property
    def stand_in_id(self) -> int:
        """The colleague chosen; the form is valid."""
        return self._ids[self.stand_in.data]
