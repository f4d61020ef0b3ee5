"""What the page of a mail's words asks."""

from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField

from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import Form
from portal.wording.queries import CurrentWords
from portal.wording.rules import Mail, UnfitWords, Words, problems, slips, tidy

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
    #: Only asked for when something looks like a placeholder and is none.
    is_meant = BooleanField(_l("I mean it: let it go out as it stands"))

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
        self._before = words
        #: What looks like a slip in a placeholder.
        self.slips: list[UnfitWords] = []

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
        self.slips = slips(self._mail, self.words(), self._before)
        found = problems(self._mail, self.words()) + ([] if self.is_meant.data else self.slips)
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
