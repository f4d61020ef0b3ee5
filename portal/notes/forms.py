"""What a colleague fills in to note something, or to tag somebody."""

from collections.abc import Sequence

from wtforms import HiddenField, StringField, TextAreaField

from portal.core.i18n import lazy_gettext as _l
from portal.core.identifiers import new_public_id
from portal.notes.rules import BODY_LENGTH
from portal.web.forms import Form, at_most, required


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


class TagsForm(Form):
    """All the tags of a person, in one field; and which there were when the page was made."""

    tags = StringField(_l("Tags"))
    seen = HiddenField()

    def __init__(self, tags: Sequence[str]) -> None:
        super().__init__(data={"tags": "\n".join(tags), "seen": "\n".join(tags)})

    @property
    def names(self) -> list[str]:
        """What was typed, parted by lines and commas."""
        return (self.tags.data or "").replace(",", "\n").splitlines()

    @property
    def seen_names(self) -> list[str]:
        """What stood on the page."""
        return (self.seen.data or "").splitlines()
