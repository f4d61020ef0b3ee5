"""Who may read an update."""

from dataclasses import dataclass

from portal.updates.states import READABLE, Audience, UpdateState


@dataclass(frozen=True)
class Viewer:
    """Who asks, as far as one update cares; visitors are neither."""

    is_member: bool = False
    #: Whether they were in its audience when it was published.
    is_in_audience: bool = False


def is_for(audience: Audience, viewer: Viewer) -> bool:
    """Whether an update for `audience` is for `viewer`; `queries.visible.is_for_asker` says it to the database.

    Who leaves the community reads no more of what is for members; a segment holds as it was, members or not.
    """
    if audience is Audience.EVERYBODY:
        return True
    if audience is Audience.MEMBERS:
        return viewer.is_member
    if audience is Audience.AREAS:
        return viewer.is_member and viewer.is_in_audience
    return viewer.is_in_audience


def may_read(state: UpdateState, audience: Audience, viewer: Viewer) -> bool:
    """Whether `viewer` finds the update on its page, in lists, search and counts."""
    return state in READABLE and is_for(audience, viewer)


def may_know_withdrawn(state: UpdateState, audience: Audience, viewer: Viewer, *, was_published: bool) -> bool:
    """Whether `viewer` is told at its address that it was withdrawn; everybody else finds what never was."""
    return state is UpdateState.WITHDRAWN and was_published and is_for(audience, viewer)
