"""The one address in a cell, or why there is none."""

import re
import unicodedata
from typing import Final

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.people.rules import InvalidAddress, normalise_address


class RefusedAddress(PortalError):
    """A cell does not hold exactly one address."""


class MissingAddress(RefusedAddress):
    """The cell is empty or says that there is no address."""


class SeveralAddresses(RefusedAddress):
    """The cell holds more than one address."""


class UnreadableAddress(RefusedAddress):
    """The cell holds something else, or an address that mail cannot reach."""


_MAX_CELL: Final = 1000
#: What people write where there is no address.
_NOTHING_TEXT: Final = """
    n/a na n.a. n.a #n/a none null nil no - -- --- . ? ?? unknown @ unknown@ none@ n/a@ no@ noemail no-email x
    (none) (blank) [none] keine keiner aucun ninguno nessuno geen brak missing tbd undefined nan"""
_NOTHING: Final = frozenset(_NOTHING_TEXT.split())
_NO_ADDRESS: Final = re.compile(r"(no|without|unknown|missing) (e-?mail|address|e-?mail address)( address| given)?")
_NAMED: Final = re.compile(r"[^<>]*<\s*([^<>]*)>")
_SEPARATORS: Final = re.compile(r"[\s;,|/<>()\[\]\"']+")


def read_address(cell: str) -> str:
    """The normalised address of a cell, as `people.rules.normalise_address` gives it.

    `Name <a@x.org>` and `mailto:a@x.org` are read too, and an address that stands there twice. Raises
    `MissingAddress`, `SeveralAddresses` or `UnreadableAddress`, all of them `RefusedAddress`.
    """
    text = unicodedata.normalize("NFKC", cell.replace("\x00", "")).strip().strip("\ufeff\u200b,;").strip()
    folded = " ".join(text.casefold().split())
    if not folded or folded in _NOTHING or _NO_ADDRESS.fullmatch(folded):
        raise MissingAddress(
            _('The address is missing: the cell says "%(text)s".', text=text) if text else _("The address is missing.")
        )
    if len(text) > _MAX_CELL:
        raise UnreadableAddress(_("This is too long for one address."))
    if len(_addresses_in(text)) > 1:
        raise SeveralAddresses(_('There is more than one address: "%(text)s". Keep one.', text=_shown(text)))
    try:
        return normalise_address(_single(text))
    except InvalidAddress as problem:
        raise UnreadableAddress(
            _('"%(text)s" is not an address.', text=_shown(text)) + " " + problem.message
        ) from problem


def _addresses_in(text: str) -> set[str]:
    """What looks like an address, folded; one that is written twice counts once."""
    parts = (_without_mailto(part) for part in _SEPARATORS.split(text))
    return {part.casefold().strip(".:") for part in parts if "@" in part.strip("@")}


def _single(text: str) -> str:
    """`text` without the name, the scheme or the brackets around its address."""
    if named := _NAMED.fullmatch(text):
        return _without_mailto(named[1].strip())
    text = _without_mailto(text)
    twice = set(re.split(r"[\s;,|]+", text.casefold()))
    return twice.pop() if len(twice) == 1 else text


def _without_mailto(text: str) -> str:
    if text[:7].casefold() == "mailto:":
        return text[7:].partition("?")[0].strip()
    return text


def _shown(text: str) -> str:
    """The cell as it stands in a message: on one line and not too long."""
    line = "".join(ch if ch.isprintable() else " " for ch in text)
    return line if len(line) <= 80 else line[:79] + "…"
