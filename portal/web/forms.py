"""The base of every form, and the fields we use often."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import request
from flask_wtf import FlaskForm
from itsdangerous import BadData, URLSafeTimedSerializer
from wtforms import HiddenField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.form import BaseForm
from wtforms.validators import DataRequired, Length, ValidationError
from wtforms.widgets import EmailInput, TextInput

from portal.core.errors import PortalError
from portal.core.i18n import gettext, lazy_gettext, template_gettext, template_ngettext
from portal.core.settings import current_settings
from portal.web.kept_forms import kept_fields

_RENDERED_LIFE = 24 * 60 * 60


class _Translations:
    """WTForms' own few messages through our catalogue; it fills in the values itself, afterwards."""

    def gettext(self, text: str) -> str:
        return template_gettext(text)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        return template_ngettext(singular, plural, n)


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Shape and wording of what a page asks; choices are passed in."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF has no types
        def get_translations(self, form: object) -> _Translations:
            return _Translations()

        def wrap_formdata(self, form: BaseForm, formdata: object) -> object:
            """What was sent; on a page that is looked at, what was kept of this form, if the address asks for it."""
            sent = super().wrap_formdata(form, formdata)
            kept = kept_fields() if sent is None else None
            if kept is None:
                return sent
            names = {field.name for field in form}
            # The button that was pressed is sent, too, and is no field.
            is_this_form = bool(names & set(kept)) and len(set(kept) - names) <= 1
            return kept if is_this_form else sent

    def put_error(self, field: str, error: PortalError) -> None:
        """Show what a rule said beside `field`, or above the form when it is about none."""
        if field:
            messages = self[field].errors
            self[field].errors = [*messages, error.message]
        else:
            self.form_errors.append(error.message)


class CleanedField(StringField):
    """A line of text whose data is what `clean` makes of it; what was typed stays in the field.

    `clean` raises a PortalError, which is shown beside the field. `kind` is the input's type.
    """

    def __init__(
        self, label: str, validators: Any = None, *, clean: Callable[[str], str], kind: str = "text", **rest: Any
    ) -> None:
        super().__init__(label, validators, **rest)
        self.clean = clean
        self.typed = ""
        self.widget = EmailInput() if kind == "email" else TextInput()

    def process_formdata(self, valuelist: list[Any]) -> None:
        self.typed = str(valuelist[0]) if valuelist else ""
        self.data = self.typed
        if self.typed.strip():
            try:
                self.data = self.clean(self.typed)
            except PortalError as error:
                raise ValueError(error.message) from error

    def _value(self) -> str:
        return self.typed or str(self.data or "")


class MultipleBoxes(SelectMultipleField):
    """Any number of boxes to tick; what is sent must be one of them.

    Its name tells the component `choices` that these are boxes and not radio buttons.
    """

    def pre_validate(self, form: BaseForm) -> None:
        known = {value for value, *_rest in self.iter_choices()}
        if not known.issuperset(self.data or ()):
            raise ValidationError(gettext("Please choose from what is offered here."))


def options(pairs: Iterable[tuple[Any, str]], group: str | None = None) -> list[Any]:
    """What a field offers to choose from, of pairs of value and label; `group` is the heading that they stand under."""
    return [SelectChoice(value, label, optgroup=group) for value, label in pairs]


def required(message: str = "") -> DataRequired:
    """The field must be filled; `message` says what is missing."""
    return DataRequired(message or lazy_gettext("Please fill this in."))


def at_most(count: int) -> Length:
    """At most `count` characters."""
    return Length(max=count, message=lazy_gettext("Please keep this under %(max)d characters.", max=count))


class HumanForm(Form):
    """A form that strangers see: a field people do not see, and a signed time of when the page was made.

    There is no puzzle and no shortest time: people with password managers are fast. Limits per address and per
    recipient do the rest.
    """

    website = StringField(lazy_gettext("Leave this empty"))
    rendered = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.stale = False
        if request.method == "GET":
            self.stamp()

    def stamp(self) -> None:
        """Say that the page with this form is made now."""
        self.rendered.data = _serializer().dumps(type(self).__name__)

    def validate_website(self, field: StringField) -> None:
        if field.data:
            raise ValidationError(gettext("Please leave this field empty."))

    def validate_rendered(self, field: HiddenField) -> None:
        try:
            made_for = _serializer().loads(field.data or "", max_age=_RENDERED_LIFE)
        except BadData:
            made_for = None
        if made_for != type(self).__name__:
            field.data = _serializer().dumps(type(self).__name__)
            raise ValidationError(gettext("This page was open for a long time. Please send it once more."))


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_settings().secret_key, salt="rendered")
