"""What is asked before looking for the records of the sender's domain."""

from portal.core.i18n import lazy_gettext as _l
from portal.setup.rules import clean_selector
from portal.web.forms import CleanedField, Form, at_most


class SenderForm(Form):
    """Under which name the key that signs our mail lies."""

    selector = CleanedField(_l("DKIM selector"), [at_most(63)], clean=clean_selector)
