"""Asking a resolver for the records of the sender's domain."""

from dns.exception import DNSException
from dns.resolver import NXDOMAIN, NoAnswer, NoResolverConfiguration, Resolver

from portal.core.clock import monotonic
from portal.setup.rules import judge, places_to_look
from portal.setup.states import RecordKind, Seen

#: Seconds for all records together: somebody waits.
PATIENCE = 2.0


def look_up(domain: str, selector: str, resolver: Resolver | None = None) -> dict[RecordKind, Seen]:
    """What is there of each kind; `resolver` is that of this machine. Takes `PATIENCE` at most, and raises nothing."""
    until = monotonic() + PATIENCE
    try:
        asked = resolver or Resolver()
    except NoResolverConfiguration:
        return dict.fromkeys(RecordKind, Seen.UNKNOWN)
    found = {kind: _look_for(kind, places_to_look(kind, domain, selector), asked, until) for kind in RecordKind}
    if Seen.MISSING in found.values() and not _knows(asked, domain, until):
        # A resolver that knows nothing of the domain at all (inside a closed network) says nothing of its records.
        return dict.fromkeys(RecordKind, Seen.UNKNOWN)
    return found


def _knows(resolver: Resolver, domain: str, until: float) -> bool:
    """Whether the domain exists for this resolver."""
    try:
        resolver.resolve(f"{domain}.", "TXT", lifetime=max(until - monotonic(), 0.1), search=False)
    except NoAnswer:
        return True
    except (DNSException, OSError, UnicodeError):
        return False
    return True


def _look_for(kind: RecordKind, names: list[str], resolver: Resolver, until: float) -> Seen:
    seen = Seen.UNKNOWN
    for name in names:
        texts = _texts_of(name, resolver, until - monotonic())
        seen = Seen.UNKNOWN if texts is None else judge(kind, texts)
        if seen is not Seen.MISSING:
            return seen
    return seen


def _texts_of(name: str, resolver: Resolver, seconds: float) -> list[str] | None:
    """The TXT records of `name`; None when nobody answered in time."""
    if seconds <= 0:
        return None
    try:
        answer = resolver.resolve(f"{name}.", "TXT", lifetime=seconds, search=False)
    except (NXDOMAIN, NoAnswer):
        return []
    except (DNSException, OSError, UnicodeError):
        return None
    return [b"".join(record.strings).decode("ascii", "replace") for record in answer]
