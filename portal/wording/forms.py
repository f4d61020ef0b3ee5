"""What the page of a mail's words asks."""

from typing import Any

from wtforms import HiddenField, StringField, TextAreaField

from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import Form
from portal.wording.queries import CurrentWords
from portal.wording.rules import Mail, Words, problems, tidy

FIELD_LABELS = {
    "subject": _l("Subject"),
    "preheader": _l("Preview line"),
    "heading": _l("Headline"),
    "body": _l("Text"),
}


class WordsForm(Form):
    """The words of a mail; `seen` is the number of the version that the page showed."""

    seen = HiddenField()
    subject = StringField(FIELD_LABELS["subject"])
    preheader = StringField(FIELD_LABELS["preheader"])
    heading = StringField(FIELD_LABELS["heading"])
    body = TextAreaField(FIELD_LABELS["body"])

    def __init__(self, mail: Mail, current: CurrentWords) -> None:
        words = current.words
        super().__init__(
            data={
                "seen": str(current.number),
                "subject": words.subject,
                "preheader": words.preheader,
                "heading": words.heading,
                "body": words.body,
            }
        )
        self._mail = mail

    def words(self) -> Words:
        """What was typed, as it would be stored."""
        fields = (self.subject, self.preheader, self.heading, self.body)
        return tidy(Words(*(field.data or "" for field in fields)))

    def seen_number(self) -> int:
        """The version that the page showed; one that never was when somebody has tampered with it."""
        text = self.seen.data or ""
        return int(text) if text.isdecimal() and len(text) < 7 else -1

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether the mail can go out with these words; what is wrong stands beside its field."""
        is_good = bool(super().validate(extra_validators))
        found = problems(self._mail, self.words())
        for problem in found:
            self.put_error(problem.field, problem)
        return is_good and not found


class GoBackForm(Form):
    """Going back to a version; `seen` is the number of the version that holds."""

    seen = HiddenField()

    def seen_number(self) -> int:
        """As in `WordsForm`."""
        text = self.seen.data or ""
        return int(text) if text.isdecimal() and len(text) < 7 else -1
