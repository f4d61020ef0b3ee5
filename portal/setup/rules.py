"""Which records a sender's domain needs, and what the ones that are there say."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.setup.states import RecordKind, Seen

_BEGINS = {RecordKind.SPF: "v=spf1", RecordKind.DMARC: "v=dmarc1"}
_SELECTOR = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?")
#: RFC 2606 and RFC 6761: names that nobody owns, so that no resolver knows them.
_OF_NOBODY = frozenset({"example", "test", "invalid", "localhost", "local"})


class InvalidSelector(PortalError):
    """The text is not a DKIM selector."""


@dataclass(frozen=True)
class Record:
    """A TXT record as somebody sets it: `host` and `value` to copy; an empty value comes from the mail provider."""

    kind: RecordKind
    host: str
    value: str


def wanted_records(domain: str, sender: str, mail_host: str, selector: str) -> list[Record]:
    """The records for mail from `sender` at `domain` through the server `mail_host` (empty: not known)."""
    allowed = _mechanism(mail_host) if mail_host else "mx"
    return [
        Record(RecordKind.SPF, domain, f"v=spf1 {allowed} ~all"),
        Record(RecordKind.DKIM, f"{selector or 'selector'}._domainkey.{domain}", ""),
        Record(RecordKind.DMARC, f"_dmarc.{domain}", f"v=DMARC1; p=none; rua=mailto:{sender}"),
    ]


def _mechanism(mail_host: str) -> str:
    """Who may send, as an SPF record says it (RFC 7208, 5.3 and 5.6): a host by its name or by its number."""
    try:
        number = ip_address(mail_host)
    except ValueError:
        return f"a:{mail_host}"
    return f"ip{number.version}:{number}"


def places_to_look(kind: RecordKind, domain: str, selector: str) -> list[str]:
    """The names to ask for, the second only when the first has nothing; none when it is not known where to look."""
    if domain.rsplit(".", 1)[-1].lower() in _OF_NOBODY:
        return []
    if kind is RecordKind.SPF:
        return [domain]
    if kind is RecordKind.DKIM:
        return [f"{selector}._domainkey.{domain}"] if selector else []
    # RFC 7489, 6.6.3: what is not said for a subdomain is said by the domain above it.
    parent = domain.split(".", 1)[1] if domain.count(".") > 1 else ""
    return [f"_dmarc.{name}" for name in (domain, parent) if name]


def judge(kind: RecordKind, texts: Sequence[str]) -> Seen:
    """Whether one of the TXT records `texts` of a name is the one of this kind, and the only one."""
    if kind is RecordKind.DKIM:
        # An empty key (p=) says that the key was taken back.
        is_there = any(re.search(r"(^|;)\s*p=\s*[^;\s]", text) for text in texts)
        return Seen.FOUND if is_there else Seen.MISSING
    count = sum(text.strip().lower().startswith(_BEGINS[kind]) for text in texts)
    if count > 1:
        return Seen.TWICE
    return Seen.FOUND if count else Seen.MISSING


def is_arranged(found: Mapping[Any, str]) -> bool:
    """Whether all three records were found."""
    return all(found.get(kind) == Seen.FOUND for kind in RecordKind)


def clean_selector(text: str) -> str:
    """A DKIM selector. Raises InvalidSelector."""
    selector = text.strip()
    if not _SELECTOR.fullmatch(selector):
        raise InvalidSelector(_("A selector has letters, digits, dots and hyphens only, for example mail2026."))
    return selector
