"""The report on early access: how many could see an opening first, who applied when, and how far they came."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from typing import Final

from babel.numbers import format_percent
from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.queries.early_access import (
    EarlyNumbers,
    EarlyOpening,
    applicants,
    could_see_first,
    early_numbers,
    early_openings,
    find_early_opening,
    members_first,
)
from portal.applications.recruiter_views.finding import blueprint
from portal.applications.rules.early_access import (
    FEWEST,
    GROUP_LABELS,
    REACHED_LABELS,
    VERDICT_WORDS,
    Counts,
    Group,
    Reached,
    verdict,
)
from portal.applications.states import STATUS_LABELS
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import babel_locale
from portal.core.i18n import gettext as _
from portal.core.permissions import Permission
from portal.core.spreadsheets import BYTE_ORDER_MARK, csv_line
from portal.openings.queries import OpeningScope, find_opening_for_staff
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url

#: Stands for the members whom an opening was open to first, in the address of a list of people.
COULD_SEE: Final = "could-see"


@dataclass(frozen=True)
class Cell:
    """A number of the report, with the list behind it; its share where there are enough people for one."""

    label: str
    count: int
    share: str
    href: str


@dataclass(frozen=True)
class Line:
    """A group of the report: how many applied, and how many of them came how far."""

    label: str
    cells: list[Cell]


def _only_for_readers() -> None:
    """Behind the numbers stand people of all openings: hiring managers have no such page."""
    if not identity().may(Permission.SEE_CANDIDATES):
        raise NotFound


def _find(public_id: str) -> EarlyOpening:
    opening = find_early_opening(public_id)
    if opening is None:
        raise NotFound
    return opening


def _lines(numbers: EarlyNumbers, opening_id: str | None) -> list[Line]:
    return [
        Line(str(GROUP_LABELS[group]), [_cell(counts, group, reached, opening_id) for reached in Reached])
        for group, counts in numbers.groups.items()
    ]


def _cell(counts: Counts, group: Group, reached: Reached, opening_id: str | None) -> Cell:
    share = counts.share(reached) if reached is not Reached.APPLIED else None
    return Cell(
        label=str(REACHED_LABELS[reached]),
        count=counts.of(reached),
        share="" if share is None else format_percent(share, locale=babel_locale()),
        href=url_for(".early_access_people", opening=opening_id, group=str(group), reached=str(reached)),
    )


def _says(numbers: EarlyNumbers) -> str:
    others = numbers.groups[Group.MEMBER] + numbers.groups[Group.OTHER]
    return str(VERDICT_WORDS[verdict(numbers.groups[Group.EARLY], others)])


@blueprint.get("/openings/early-access")
def early_access() -> Response | str:
    """All openings that members could see first, and all of them together."""
    _only_for_readers()
    at, number = now(), page_number()
    openings, numbers = early_openings(), early_numbers()
    shown = openings[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    if openings and not shown:
        return redirect(page_url(1), 303)
    over = [one for one in openings if one.is_over(at)]
    together = reduce(EarlyNumbers.plus, (numbers.get(one.id, EarlyNumbers()) for one in over), EarlyNumbers())
    seen = could_see_first([one.id for one in shown])
    rows = [(one, seen.get(one.id, 0), numbers.get(one.id, EarlyNumbers())) for one in shown]
    return render_template(
        "recruiting/openings/early_access.html",
        page=Page(rows, number, len(openings)),
        over_count=len(over),
        lines=_lines(together, None),
        reached=REACHED_LABELS,
        groups=GROUP_LABELS,
        says=_says(together),
        imported=together.imported,
        fewest=FEWEST,
        at=at,
    )


@blueprint.get("/openings/<public_id>/early-access")
def early_access_of(public_id: str) -> Response | str:
    """One opening."""
    _only_for_readers()
    opening = find_early_opening(public_id)
    if opening is None:
        return _without_early_days(public_id)
    numbers = early_numbers(opening.id).get(opening.id, EarlyNumbers())
    return render_template(
        "recruiting/openings/early_access_of.html",
        opening=opening,
        could_see=could_see_first([opening.id]).get(opening.id, 0),
        could_see_href=url_for(".early_access_people", opening=public_id, group=COULD_SEE),
        lines=_lines(numbers, public_id),
        reached=REACHED_LABELS,
        groups=GROUP_LABELS,
        says=_says(numbers),
        imported=numbers.imported,
        fewest=FEWEST,
        is_over=opening.is_over(now()),
    )


def _without_early_days(public_id: str) -> Response:
    me = identity()
    if find_opening_for_staff(public_id, OpeningScope(me.person_id, me.role)) is None:
        raise NotFound
    flash(_("Everybody could see this opening from the same moment on, so there is nothing to compare."), "info")
    return redirect(url_for("recruiting.openings.show", public_id=public_id), 303)


@blueprint.get("/openings/early-access/people")
def early_access_people() -> Response | str:
    """Who stands behind one of the numbers."""
    _only_for_readers()
    asked = request.args
    opening = _find(asked["opening"]) if asked.get("opening") else None
    number, first = page_number(), (page_number() - 1) * PAGE_SIZE
    if asked.get("group") == COULD_SEE and opening is not None:
        found, total = members_first(opening.id, first, PAGE_SIZE)
        title = _("Members who could see it first")
    else:
        group = Group(asked["group"]) if asked.get("group") in set(Group) else None
        reached = Reached(asked["reached"]) if asked.get("reached") in set(Reached) else Reached.APPLIED
        found, total = applicants(opening.id if opening else None, group, reached, now(), first, PAGE_SIZE)
        who = str(GROUP_LABELS[group]) if group else _("All who applied")
        is_all = group is None and reached is Reached.APPLIED
        title = who if is_all else _("%(who)s: %(reached)s", who=who, reached=REACHED_LABELS[reached])
    if total and not found:
        return redirect(page_url(1), 303)
    return render_template(
        "recruiting/openings/early_access_people.html",
        title=title,
        opening=opening,
        page=Page(found, number, total),
        is_could_see=asked.get("group") == COULD_SEE and opening is not None,
        status_labels=STATUS_LABELS,
    )


@blueprint.get("/openings/early-access.csv")
def early_access_csv() -> Response:
    """The numbers of every opening as a file."""
    _only_for_readers()
    response = Response("".join(_csv_lines()), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="early-access.csv"'
    return response


def _csv_lines() -> Iterator[str]:
    openings, numbers = early_openings(), early_numbers()
    seen = could_see_first([one.id for one in openings])
    about = [_("Opening"), _("Id"), _("Members saw it from"), _("Everybody saw it from"), _("Members who could see it")]
    yield BYTE_ORDER_MARK + csv_line([*about, _("Who"), *(str(label) for label in REACHED_LABELS.values())])
    for one in openings:
        own = numbers.get(one.id, EarlyNumbers())
        days = [one.published_at.date().isoformat(), one.public_at.date().isoformat()]
        facts = [one.title, one.public_id, *days, str(seen.get(one.id, 0))]
        for group, counts in own.groups.items():
            yield csv_line([*facts, str(GROUP_LABELS[group]), *(str(counts.of(reached)) for reached in Reached)])
