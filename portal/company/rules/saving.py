"""Whom people may write to about their data, and when two admins change the same thing."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from email_validator import EmailNotValidError, validate_email

from portal.company.states import Setting
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _


class InvalidContact(PortalError):
    """The text is not an address that candidates can write to."""


class SettingsChanged(PortalError):
    """Somebody else saved the settings while this page was open."""


def clean_contact_address(text: str) -> str:
    """An address that candidates can write to. Raises InvalidContact."""
    try:
        checked = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except (EmailNotValidError, UnicodeError) as problem:
        raise InvalidContact(_("This is not an e-mail address that mail can reach.")) from problem
    return checked.normalized


def version_of(values: Mapping[Setting, Any]) -> str:
    """Stands for the settings as they are; another after any change."""
    text = json.dumps({str(name): value for name, value in values.items()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
