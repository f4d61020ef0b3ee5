"""Every feature's `privacy`, in one list: what shows, erases, merges and hands over personal data."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from types import ModuleType

from portal.accounts import privacy as accounts
from portal.alerts import privacy as alerts
from portal.applications import privacy as applications
from portal.ats import privacy as ats
from portal.audit import privacy as audit
from portal.community import privacy as community
from portal.contact import privacy as contact
from portal.conversations import privacy as conversations
from portal.core.db import Model
from portal.core.personal_data import ExportSection
from portal.digests import privacy as digests
from portal.feedback import privacy as feedback
from portal.files import privacy as files
from portal.fitting import privacy as fitting
from portal.interviews import privacy as interviews
from portal.keeping import privacy as keeping
from portal.notes import privacy as notes
from portal.offers import privacy as offers
from portal.openings import privacy as openings
from portal.outbox import privacy as outbox
from portal.people import privacy as people
from portal.pools import privacy as pools
from portal.prospects import privacy as prospects
from portal.segments import privacy as segments
from portal.surveys import privacy as surveys
from portal.tasks import privacy as tasks
from portal.updates import privacy as updates
from portal.wording import privacy as wording


@dataclass(frozen=True)
class Holder:
    """A feature that holds something about people."""

    name: str
    tables: tuple[type[Model], ...]
    export: Callable[[int], list[ExportSection]]
    erase: Callable[[int, datetime], None]
    retention: Callable[[datetime], None]
    merge: Callable[[int, int, datetime], None]
    hand_over: Callable[[int, int, datetime], None]


def _holder(module: ModuleType) -> Holder:
    functions = (getattr(module, name) for name in ("export", "erase", "retention", "merge", "hand_over"))
    return Holder(module.__name__.split(".")[1], module.TABLES, *functions)


_FEATURES: tuple[Holder, ...] = tuple(
    _holder(module)
    for module in (
        *(wording, files, people, contact, outbox, tasks, accounts),
        *(community, openings, applications, notes, pools, prospects, segments, conversations, fitting, updates),
        *(alerts, digests, interviews, feedback, offers, surveys, ats, keeping),
    )
)
_AUDIT = _holder(audit)

#: For merging and handing over: what is above points to staff below. The audit log comes last, as the others write it.
FROM_THE_GROUND: tuple[Holder, ...] = (*_FEATURES, _AUDIT)

#: For erasing: what is above finds what is a person's by what lies below.
FROM_THE_TOP: tuple[Holder, ...] = (*reversed(_FEATURES), _AUDIT)

#: As a person reads it: what they told us first, what machines noted last.
AS_SHOWN: tuple[Holder, ...] = tuple(
    _holder(module)
    for module in (
        people,
        contact,
        prospects,
        community,
        applications,
        conversations,
        interviews,
        feedback,
        offers,
        surveys,
        alerts,
        updates,
        digests,
        fitting,
        notes,
        pools,
        segments,
        tasks,
        outbox,
        accounts,
        files,
        openings,
        ats,
        wording,
        keeping,
        audit,
    )
)
