"""What the pages about signing in, one's account and the staff ask."""

import json
from typing import Any

from flask import request
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.validators import ValidationError

from portal.accounts.adapters import common_passwords, shipped_zones
from portal.accounts.rules import (
    MAX_PASSWORD_LENGTH,
    Proof,
    WeakPassword,
    check_password,
    clean_code,
    clean_recovery_code,
    zone_choices,
)
from portal.core.i18n import LOCALES, babel_locale
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import Role
from portal.people.queries import StaffRow
from portal.people.rules import clean_name, normalise_address
from portal.web.forms import CleanedField, Form, HumanForm, at_most, options, required

ROLE_WORDS = {
    Role.HIRING_MANAGER: _l("Hiring manager"),
    Role.RECRUITER: _l("Recruiter"),
    Role.ADMIN: _l("Admin"),
}
_NOBODY = ""


def what_was_sent() -> str:
    """The form of this request, letter for letter, and where it went: a double click sends the very same again."""
    return json.dumps([request.path, list(request.form.items(multi=True))])


class SignInForm(HumanForm):
    """One form for both ways in: without a password, a link and a code come by mail."""

    email = CleanedField(
        _l("E-mail"), [required(_l("Please enter your e-mail address."))], clean=normalise_address, kind="email"
    )
    password = PasswordField(_l("Password"), [at_most(MAX_PASSWORD_LENGTH)])


class AskResetForm(HumanForm):
    """Where the link for a new password goes."""

    email = CleanedField(
        _l("E-mail"), [required(_l("Please enter your e-mail address."))], clean=normalise_address, kind="email"
    )


class _WithCode(Form):
    code = StringField(_l("Code"), [required(_l("Please enter the six digits of the code.")), at_most(40)])

    def validate_code(self, field: StringField) -> None:
        field.data = clean_code(field.data or "")
        if not field.data:
            raise ValidationError(_("The code has six digits. You find it in the mail."))


class CodeForm(_WithCode):
    """The six digits of a sign-in mail."""


class FactorSetUpForm(_WithCode):
    """The six digits that an app shows once it knows the secret."""

    def validate_code(self, field: StringField) -> None:
        field.data = clean_code(field.data or "")
        if not field.data:
            raise ValidationError(_("The code has six digits. Your app shows it."))


class EnrolForm(FactorSetUpForm):
    """The six digits of an app that is to be set up, and what proves that its owner wants it."""

    present = StringField(
        _l("Code of your present app"),
        [required(_l("Please enter the code that your present app shows, or a recovery code.")), at_most(60)],
    )
    password = PasswordField(_l("Your password"), [required(_l("Please enter your password."))])

    def __init__(self, proof: Proof, **rest: Any) -> None:
        super().__init__(**rest)
        if proof is not Proof.PRESENT_CODE:
            del self.present
        if proof is not Proof.PASSWORD:
            del self.password


class FactorForm(FactorSetUpForm):
    """The six digits that the app shows now."""

    remember = BooleanField(_l("Do not ask again on this device for 30 days"))


class RecoveryCodeForm(Form):
    """One of the codes that were kept on paper."""

    code = StringField(_l("Recovery code"), [required(_l("Please enter one of your recovery codes.")), at_most(60)])

    def validate_code(self, field: StringField) -> None:
        if not clean_recovery_code(field.data or ""):
            raise ValidationError(_("A recovery code has sixteen letters and digits, in four groups."))


class NewPasswordForm(Form):
    """A new password for the account with `email`."""

    password = PasswordField(_l("New password"), [required(_l("Please choose a password."))])

    def __init__(self, email: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.account_email = email

    def validate_password(self, field: PasswordField) -> None:
        try:
            check_password(field.data or "", self.account_email, common_passwords())
        except WeakPassword as error:
            raise ValidationError(error.message) from error


class ResetByCodeForm(NewPasswordForm, _WithCode):
    """The six digits of a reset mail, and the new password."""


class ChangePasswordForm(NewPasswordForm):
    """The present password, if there is one, and the new one."""

    present = PasswordField(_l("Present password"), [required(_l("Please enter your present password."))])


class InvitationForm(NewPasswordForm):
    """How an invited member of staff is called, and their password."""

    name = CleanedField(_l("Your name"), [required(_l("Please enter your name."))], clean=clean_name)


class NewAddressForm(Form):
    """The address that is to come, and the present password of those who have one."""

    email = CleanedField(
        _l("New address"), [required(_l("Please enter the new e-mail address."))], clean=normalise_address, kind="email"
    )
    present = PasswordField(_l("Present password"), [required(_l("Please enter your present password."))])

    def __init__(self, *, has_password: bool, **rest: Any) -> None:
        super().__init__(**rest)
        if not has_password:
            del self.present


class ChooseAddressForm(Form):
    """The present password of those who have one, before another of their addresses is written to."""

    present = PasswordField(_l("Present password"), [required(_l("Please enter your present password."))])

    def __init__(self, *, has_password: bool, **rest: Any) -> None:
        super().__init__(**rest)
        if not has_password:
            del self.present


class AddressCodeForm(_WithCode):
    """The six digits of the mail to a new address."""


def new_address_words(email: str, *, is_change: bool) -> str:
    """What is said when a new address is confirmed."""
    if is_change:
        return _("From now on we write to %(email)s. You are signed out on every other device.", email=email)
    return _("%(email)s is yours now. You can sign in with it, too.", email=email)


def new_password_words() -> str:
    """What is said when a new password counts."""
    return _("Your new password counts from now on. Every other device was signed out.")


class AccountForm(Form):
    """How a person is called, in which language and on which clock they read."""

    name = CleanedField(_l("Name"), [required(_l("Please enter your name."))], clean=clean_name)
    locale = SelectField(_l("Language"), [required()])
    timezone = SelectField(_l("Time zone"), [required()])

    def __init__(self, *, locale: str, timezone: str, **rest: Any) -> None:
        super().__init__(data={"locale": locale, "timezone": timezone, **rest})
        known = LOCALES if locale in LOCALES else (locale, *LOCALES)
        self.locale.choices = options([(tag, _language(tag)) for tag in known])
        self.timezone.choices = options(zone_choices(shipped_zones(), timezone))


def _language(tag: str) -> str:
    """The language's name in itself."""
    locale = babel_locale(tag)
    return (locale.get_display_name(locale) or tag).capitalize()


class StaffForm(Form):
    """The role of a member of staff and whom they report to."""

    role = SelectField(_l("Role"), [required()])
    lead = SelectField(_l("Reports to"))

    def __init__(self, leads: list[StaffRow], **rest: Any) -> None:
        super().__init__(**rest)
        self.role.choices = options([(str(role), str(words)) for role, words in ROLE_WORDS.items()])
        self.lead.choices = options(
            [(_NOBODY, _("Nobody")), *((row.public_id, row.name or row.email) for row in leads)]
        )
        self._lead_ids = {row.public_id: row.person_id for row in leads}

    @property
    def lead_id(self) -> int | None:
        """The person chosen as lead, if any."""
        return self._lead_ids.get(self.lead.data or "")


class InviteForm(StaffForm):
    """Somebody new on the staff."""

    email = CleanedField(
        _l("E-mail"), [required(_l("Please enter their e-mail address."))], clean=normalise_address, kind="email"
    )
    name = CleanedField(_l("Name"), [required(_l("Please enter their name."))], clean=clean_name)
