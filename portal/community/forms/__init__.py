"""What is asked of people who join, of what they look for, and of what they want to hear."""

from portal.community.forms.joining import ConfirmCodeForm, JoinForm, JoinSignedInForm
from portal.community.forms.mail import MailChoices, mail_choices_of
from portal.community.forms.preferring import PreferencesForm, kept_in_words
from portal.community.forms.profile import profile_fields_of

__all__ = [
    "ConfirmCodeForm",
    "JoinForm",
    "JoinSignedInForm",
    "MailChoices",
    "PreferencesForm",
    "kept_in_words",
    "mail_choices_of",
    "profile_fields_of",
]
