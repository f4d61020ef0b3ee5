"""One row for each kind of task."""

from typing import Final

from portal.tasks.rules.kinds.interviews import INTERVIEWS
from portal.tasks.rules.kinds.letters import LETTERS
from portal.tasks.rules.kinds.openings import OPENINGS
from portal.tasks.rules.kinds.people import PEOPLE
from portal.tasks.rules.kinds.row import TaskWords
from portal.tasks.states import TaskKind

KINDS: Final[dict[TaskKind, TaskWords]] = {**LETTERS, **PEOPLE, **OPENINGS, **INTERVIEWS}
