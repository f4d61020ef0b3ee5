"""The way through a pipeline on the pages of its applications: next, previous, and back to the row one came from."""

from datetime import date
from typing import Any, Final
from urllib.parse import urlencode

from flask import g, has_request_context, request, url_for

from portal.applications.queries import StaffView
from portal.applications.queries.beside import neighbours_in
from portal.applications.queries.choosing import filters_in, wanted_in
from portal.applications.recruiter_views.finding import asker, blueprint
from portal.core.i18n import gettext as _
from portal.web.beside import Beside
from portal.web.paging import PAGE_SIZE

_AMONG: Final = "among"
#: Marks an application that was opened from its pipeline, narrowed as the rest of the address says.
_PIPELINE: Final = "pipeline"
#: The promised day under which it stood there when it was opened; `_NO_DAY` where it had ended.
_DAY: Final = "from"
_NO_DAY: Final = "-"


def among_pipeline() -> str:
    """What tells an application that it was opened from the pipeline in this address; the end of its own address."""
    return "?" + urlencode({_AMONG: _PIPELINE, **filters_in(request.args)})


def beside_in_pipeline(view: StaffView, today: date) -> Beside | None:
    """Who comes before and after in the pipeline one came from; None for somebody who came from elsewhere."""
    if request.args.get(_AMONG) != _PIPELINE:
        return None
    owner = request.args.get("owner")
    wanted = wanted_in(request.args, view.opening_public_id, {owner} if owner else set())
    day = _stood_under(view)
    g.stood_under = day.isoformat() if day else _NO_DAY
    found = neighbours_in(wanted, view.id, day, asker(), today)
    filters = filters_in(request.args)
    number = found.before_count // PAGE_SIZE + 1
    row = view.public_id if found.is_in_list else found.next or found.previous or ""
    return Beside(
        _("People in this list"),
        previous=_beside(found.previous),
        next=_beside(found.next),
        back=url_for(
            ".pipeline",
            public_id=view.opening_public_id,
            page=number if number > 1 else None,
            _anchor=f"a-{row}" if row else None,
            **filters,
        ),
        gone="" if found.is_in_list else _gone(view, has_next=found.next is not None),
    )


def _beside(public_id: str | None) -> str:
    return url_for(".show", public_id=public_id) + among_pipeline() if public_id else ""


def _gone(view: StaffView, *, has_next: bool) -> str:
    name = view.person_name or view.email
    if has_next:
        return _("%(name)s is not in this list any more. Next leads on from where they stood.", name=name)
    return _("%(name)s is not in this list any more, and nobody comes after them.", name=name)


def _stood_under(view: StaffView) -> date | None:
    """The promised day under which it stood in the list when it was opened, as far as the address says it."""
    asked = request.args.get(_DAY)
    if asked == _NO_DAY:
        return None
    try:
        return date.fromisoformat(asked or "")
    except ValueError:
        return view.next_update_by


@blueprint.url_defaults
def keep_the_list(endpoint: str, values: dict[str, Any]) -> None:
    """What leads on from an application and back to it says from which list it was opened, and where it stood there."""
    if not has_request_context() or request.args.get(_AMONG) != _PIPELINE:
        return
    if values.get("public_id") != (request.view_args or {}).get("public_id"):
        return
    stood = request.args.get(_DAY) or g.get("stood_under")
    for name, value in {_AMONG: _PIPELINE, **filters_in(request.args), **({_DAY: stood} if stood else {})}.items():
        values.setdefault(name, value)
