"""Tags in one field: of a person, and of what somebody wrote."""

from collections.abc import Iterable, Sequence

from wtforms import HiddenField, StringField

from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import Form, MultipleBoxes, options


class TagsForm(Form):
    """All the tags of one thing, in one field; those in use, to tick; and which there were when the page was made."""

    tags = StringField(_l("Tags"))
    more = MultipleBoxes(_l("Tags in use, to add by a tick"))
    seen = HiddenField()

    def __init__(self, tags: Sequence[str], to_tick: Iterable[str]) -> None:
        super().__init__(data={"tags": "\n".join(tags), "seen": "\n".join(tags)})
        self.more.choices = options((name, name) for name in to_tick)

    @property
    def names(self) -> list[str]:
        """What was typed, parted by lines and commas, and what was ticked."""
        return [*parted(self.tags.data), *(self.more.data or [])]

    @property
    def seen_names(self) -> list[str]:
        """What stood on the page."""
        return (self.seen.data or "").splitlines()


def parted(typed: str | None) -> list[str]:
    """Tags as they were typed, parted by lines and commas."""
    return (typed or "").replace(",", "\n").splitlines()
