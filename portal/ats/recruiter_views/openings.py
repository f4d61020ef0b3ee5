"""What the page of a checked import asks of the openings in the file."""

from dataclasses import dataclass
from typing import Any

from portal.ats.actions import OPENINGS_NAMED, Summary
from portal.ats.forms import ChoicesForm, OpeningInFile, openings_form
from portal.ats.queries import ImportRow
from portal.ats.rules import same_title
from portal.ats.states import ImportState
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.openings.queries import OpeningName, openings_to_join


@dataclass(frozen=True)
class AskedOpenings:
    """The openings of a file for which none was made here yet, and what they can be."""

    in_file: list[OpeningInFile]
    here: list[OpeningName]
    form: ChoicesForm

    @property
    def fields(self) -> list[Any]:
        """The form's choices, one for each opening of the file."""
        return [self.form[one.field] for one in self.in_file]

    @property
    def is_cut(self) -> bool:
        """Whether there may be more than are listed; those go by their title."""
        return len(self.in_file) >= OPENINGS_NAMED

    @property
    def hints(self) -> dict[str, str]:
        """How many applications come to each, and whether one is called so already, by the name of its field."""
        here = {same_title(one.title) for one in self.here}
        return {one.field: self._hint(one, is_here=same_title(one.title) in here) for one in self.in_file}

    @staticmethod
    def _hint(one: OpeningInFile, *, is_here: bool) -> str:
        count = ngettext("%(count)s application", "%(count)s applications", one.count)
        if not is_here or one.joins_id is not None:
            return count
        return _("%(count)s. One of this name is here already: choose it, or there will be two.", count=count)

    @property
    def chosen(self) -> dict[str, int | None]:
        """What was chosen: `opening_key` to the opening here, None for one of its own."""
        ids = {one.public_id: one.id for one in self.here}
        said = self.form.chosen("")
        return {one.key: ids.get(said[one.field]) for one in self.in_file}


def asked_openings(row: ImportRow, summary: Summary) -> AskedOpenings | None:
    """The question about openings, or None where there is nothing to ask."""
    in_file = openings_in(summary) if row.state is ImportState.CHECKED else []
    if not in_file:
        return None
    here = openings_to_join({one.joins_id for one in in_file if one.joins_id is not None})
    return AskedOpenings(in_file, here, openings_form(in_file, here)) if here else None


def openings_in(summary: Summary) -> list[OpeningInFile]:
    """The openings of the file that are new here or join another one, by title."""
    tally = summary.tally
    counts = tally.opening_counts
    names = tally.names
    joined = [OpeningInFile(key, names[key], counts.get(key, 0), one.opening_id) for key, one in tally.joined.items()]
    new = [OpeningInFile(key, names[key], counts.get(key, 0), None) for key in tally.openings]
    return sorted([*joined, *new], key=lambda one: (one.title.casefold(), one.key))
