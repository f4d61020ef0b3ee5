"""What is typed about feedback: its parts, why words stand, what should change, why it is taken back, a question."""

from collections.abc import Sequence
from dataclasses import fields

from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.feedback.rules.writing import (
    LINE_LENGTH,
    PART_LABELS,
    QUESTION_LENGTH,
    RETRACT_LABELS,
    TEXT_LENGTH,
    FeedbackWords,
    RetractReason,
)
from portal.web.forms import Form, at_most, options, required

_NO_CRITERION = ""


class _Revised(Form):
    """A form that says which version somebody had before them."""

    revision = HiddenField()

    @property
    def seen_revision(self) -> int:
        """Of the page; none that exists when the field was meddled with."""
        text = self.revision.data or ""
        return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


class WriteForm(_Revised):
    """The parts of feedback; a draft may lack any of them."""

    strong = TextAreaField(PART_LABELS["strong"], [at_most(TEXT_LENGTH)])
    criterion = SelectField(_l("Which criterion it is about"))
    missing = TextAreaField(PART_LABELS["missing"], [at_most(TEXT_LENGTH)])
    try_this = TextAreaField(PART_LABELS["try_this"], [at_most(TEXT_LENGTH)])
    resource = TextAreaField(PART_LABELS["resource"], [at_most(TEXT_LENGTH)])
    resource_url = StringField(PART_LABELS["resource_url"], [at_most(LINE_LENGTH)])

    def __init__(self, words: FeedbackWords, revision: int, criteria: Sequence[str]) -> None:
        """`words` is what the fields hold to begin with; one of `criteria` can be chosen."""
        data = {one.name: getattr(words, one.name) for one in fields(FeedbackWords)}
        super().__init__(data={**data, "revision": str(revision)})
        known = [*criteria, *([words.criterion] if words.criterion and words.criterion not in criteria else [])]
        self.criterion.choices = options([(_NO_CRITERION, _("Nothing was missing")), *((one, one) for one in known)])

    @property
    def words(self) -> FeedbackWords:
        """What was typed."""
        return FeedbackWords(**{one.name: self[one.name].data or "" for one in fields(FeedbackWords)})


class HandInForm(_Revised):
    """Why words stand that the check found; asked where one is needed."""

    lint_reason = TextAreaField(_l("Why these words should stand"), [at_most(LINE_LENGTH)])

    def __init__(self, revision: int, reason: str = "") -> None:
        super().__init__(data={"revision": str(revision), "lint_reason": reason})


class ReturnForm(_Revised):
    """What should change before it goes."""

    words = TextAreaField(_l("What should change"), [at_most(TEXT_LENGTH)])

    def __init__(self, revision: int) -> None:
        super().__init__(data={"revision": str(revision)})


class RetractForm(Form):
    """Why feedback is taken back: for us, and in words for the candidate."""

    reason = RadioField(_l("Why, for our records"), [required(_l("Please say why."))])
    words = TextAreaField(
        _l("What you say to them"), [required(_l("Tell them why, in your own words.")), at_most(TEXT_LENGTH)]
    )

    def __init__(self) -> None:
        super().__init__()
        self.reason.choices = options((str(one), str(RETRACT_LABELS[one])) for one in RetractReason)


class QuestionForm(Form):
    """The one question of the candidate."""

    question = TextAreaField(
        _l("Your question"), [required(_l("Please write what you want to ask.")), at_most(QUESTION_LENGTH)]
    )
