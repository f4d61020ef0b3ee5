"""What a colleague fills in to note something, or to tag somebody."""

from collections.abc import Sequence

from flask import request
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from portal.core.i18n import lazy_gettext as _l
from portal.core.identifiers import new_public_id
from portal.notes.queries import TagLine
from portal.notes.rules import BODY_LENGTH, TAG_LENGTH
from portal.web.forms import Form, MultipleBoxes, at_most, options, required
from portal.web.long_select import LongSelect
from portal.web.tag_forms import parted


class NoteForm(Form):
    """The words of a note."""

    body = TextAreaField(
        _l("Note for colleagues"), [required(_l("Please write what you want to note.")), at_most(BODY_LENGTH)]
    )
    form_key = HiddenField()

    def __init__(self, body: str = "") -> None:
        super().__init__(data={"body": body})
        if not self.form_key.data:
            self.form_key.data = new_public_id()


class ManyNoteForm(NoteForm):
    """The words of a note on several applications, and on which, as the page showed them."""

    seen = HiddenField()

    @property
    def seen_ids(self) -> set[str]:
        """Public ids of the applications that stood on the page."""
        return set((self.seen.data or "").split())


class ManyTagsForm(Form):
    """Tags for several people: what comes, what goes; and which applications stood on the page."""

    tags = StringField(_l("Tags to add"))
    gone = MultipleBoxes(_l("Tags to remove"))
    seen = HiddenField()

    def __init__(self, theirs: Sequence[TagLine]) -> None:
        super().__init__()
        self.gone.choices = options((line.key, f"{line.name} ({line.count})") for line in theirs)

    @property
    def names(self) -> list[str]:
        """What was typed, parted by lines and commas."""
        return parted(self.tags.data)

    @property
    def seen_ids(self) -> set[str]:
        """Public ids of the applications that stood on the page."""
        return set((self.seen.data or "").split())


class TagNameForm(Form):
    """What a tag is called."""

    name = StringField(_l("Name"), [required(_l("Please write what the tag shall be called.")), at_most(TAG_LENGTH)])

    def __init__(self, name: str) -> None:
        super().__init__(data={"name": name})


class TagSearchForm(Form):
    """How the list of tags is narrowed; it stays in the URL."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Tag"), render_kw={"data-key": "/", "aria-keyshortcuts": "/"})

    def __init__(self) -> None:
        super().__init__(formdata=request.args)

    @property
    def search(self) -> str:
        """What was typed, white space folded."""
        return " ".join((self.q.data or "").split())[:TAG_LENGTH]


class MergeForm(Form):
    """Into which other tag one goes; it stays in the URL until it is confirmed."""

    class Meta(Form.Meta):
        csrf = False

    tag = HiddenField()
    into = SelectField(_l("Into which tag"), validate_choice=False)

    def __init__(self, others: Sequence[TagLine]) -> None:
        super().__init__(formdata=request.args)
        self.into.widget = LongSelect()
        self.into.choices = options((line.key, line.name) for line in others)
