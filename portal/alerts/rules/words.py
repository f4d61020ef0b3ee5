"""Why an opening is in a mail, in the reader's words."""

from collections.abc import Mapping, Sequence
from typing import Final

from portal.community.states import SENIORITY_LABELS, WorkMode
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.openings.rules import Match

_MODE_WORDS: Final[dict[WorkMode, str]] = {
    WorkMode.REMOTE: _l("remote"),
    WorkMode.HYBRID: _l("hybrid"),
    WorkMode.ON_SITE: _l("on site"),
}
#: By whether area, places and ways of working are known to be what they asked for.
_ASKED: Final[dict[tuple[bool, bool, bool], str]] = {
    (True, True, True): _l("You asked for %(area)s in %(places)s, %(modes)s."),
    (True, True, False): _l("You asked for %(area)s in %(places)s."),
    (True, False, True): _l("You asked for %(area)s, %(modes)s."),
    (True, False, False): _l("You asked for %(area)s."),
    (False, True, True): _l("You asked for work in %(places)s, %(modes)s."),
    (False, True, False): _l("You asked for work in %(places)s."),
    (False, False, True): _l("You asked for work that is %(modes)s."),
}
#: The same where the work may be in one of the places or from anywhere.
_PLACE_OR_REMOTE: Final[dict[bool, str]] = {
    True: _l("You asked for %(area)s in %(places)s or remote."),
    False: _l("You asked for work in %(places)s or remote."),
}


def why_in_words(why: Match, areas: Mapping[str, str]) -> str:
    """Why an opening fits, in one to three sentences; `areas` are the company's labels by key."""
    places = () if why.is_from_afar else why.places
    known = (bool(why.area), bool(places), bool(why.modes))
    said = []
    if any(known):
        words = {
            "area": areas.get(why.area, why.area),
            "places": _one_of(places),
            "modes": _one_of([str(_MODE_WORDS[mode]) for mode in why.modes]),
        }
        is_either = bool(places) and why.modes == (WorkMode.REMOTE,)
        said.append(str(_PLACE_OR_REMOTE[known[0]] if is_either else _ASKED[known]) % words)
    if why.is_from_afar:
        said.append(_("It is remote, so it can be done from %(places)s.", places=_one_of(why.places)))
    if why.seniority:
        said.append(_("You said of your experience: %(words)s.", words=SENIORITY_LABELS[why.seniority]))
    if not said:
        said.append(_("You have not said what you look for, so you hear of every opening."))
    return " ".join(said)


def _one_of(words: Sequence[str]) -> str:
    """ "Warsaw, Berlin or Tartu"."""
    if len(words) < 2:
        return "".join(words)
    return _("%(several)s or %(last)s", several=", ".join(words[:-1]), last=words[-1])
