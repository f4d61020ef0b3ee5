"""The records of the sender's domain, asked of a real resolver on this machine."""

import socketserver
import threading
import time as clock_of_the_machine
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset
import pytest

from portal.setup.adapters import PATIENCE, look_up
from portal.setup.rules import InvalidSelector, clean_selector, is_arranged, judge, places_to_look, wanted_records
from portal.setup.states import RecordKind, Seen

DOMAIN = "talent.kindred.org"
ALL_THERE = {
    f"{DOMAIN}.": ["some-verification=1", "v=spf1 a:mail.kindred.org ~all"],
    f"mail2026._domainkey.{DOMAIN}.": ["v=DKIM1; k=rsa; p=MIGf"],
    f"_dmarc.{DOMAIN}.": ["v=DMARC1; p=none"],
}


class Answering(socketserver.BaseRequestHandler):
    """Answers TXT questions from the server's table; says nothing at all when the table is None."""

    def handle(self) -> None:
        data, reply_on = self.request
        table = self.server.table  # type: ignore[attr-defined]  # set below
        if table is None:
            return
        asked = dns.message.from_wire(data)
        answer = dns.message.make_response(asked)
        answer.flags |= dns.flags.RA
        name = asked.question[0].name
        texts = table.get(name.to_text().lower())
        if texts is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *(f'"{text}"' for text in texts)))
        reply_on.sendto(answer.to_wire(), self.client_address)


@contextmanager
def resolver_that_knows(table: dict[str, list[str]] | None) -> Iterator[dns.resolver.Resolver]:
    with socketserver.ThreadingUDPServer(("127.0.0.1", 0), Answering) as server:
        server.table = table  # type: ignore[attr-defined]  # read above
        threading.Thread(target=server.serve_forever, daemon=True).start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers, resolver.port = ["127.0.0.1"], server.server_address[1]
        yield resolver
        server.shutdown()


def test_records_that_are_there_are_found() -> None:
    with resolver_that_knows(ALL_THERE) as resolver:
        found = look_up(DOMAIN, "mail2026", resolver)
    assert set(found.values()) == {Seen.FOUND}
    assert is_arranged(found)


def test_records_that_are_not_there_are_missed() -> None:
    with resolver_that_knows({f"{DOMAIN}.": ["some-verification=1"]}) as resolver:
        found = look_up(DOMAIN, "mail2026", resolver)
    assert set(found.values()) == {Seen.MISSING}


def test_a_resolver_that_does_not_know_the_domain_says_nothing_of_its_records() -> None:
    with resolver_that_knows({}) as resolver:
        assert set(look_up(DOMAIN, "mail2026", resolver).values()) == {Seen.UNKNOWN}


def test_the_domain_above_may_speak_for_a_subdomain() -> None:
    with resolver_that_knows({f"{DOMAIN}.": ["x"], "_dmarc.kindred.org.": ["v=DMARC1; p=reject"]}) as resolver:
        assert look_up(DOMAIN, "", resolver)[RecordKind.DMARC] is Seen.FOUND


def test_without_a_selector_the_signature_cannot_be_looked_for() -> None:
    with resolver_that_knows(ALL_THERE) as resolver:
        found = look_up(DOMAIN, "", resolver)
    assert found[RecordKind.DKIM] is Seen.UNKNOWN
    assert not is_arranged(found)


def test_a_resolver_that_says_nothing_is_not_waited_for_longer_than_two_seconds() -> None:
    begun = clock_of_the_machine.monotonic()
    with resolver_that_knows(None) as resolver:
        found = look_up(DOMAIN, "mail2026", resolver)
    assert set(found.values()) == {Seen.UNKNOWN}
    assert clock_of_the_machine.monotonic() - begun < PATIENCE + 1


@pytest.mark.parametrize("domain", ["kindred.example", "localhost", "mail.test"])
def test_nobody_is_asked_about_domains_that_nobody_owns(domain: str) -> None:
    assert [places_to_look(kind, domain, "mail2026") for kind in RecordKind] == [[], [], []]


@pytest.mark.parametrize(
    ("kind", "texts", "seen"),
    [
        (RecordKind.SPF, ["V=SPF1 -all"], Seen.FOUND),
        (RecordKind.SPF, ["v=spf1 a -all", "v=spf1 mx -all"], Seen.TWICE),
        (RecordKind.DMARC, ["v=spf1 -all"], Seen.MISSING),
        (RecordKind.DKIM, ["v=DKIM1; p="], Seen.MISSING),
        (RecordKind.DKIM, ["k=rsa; p=MIGf"], Seen.FOUND),
    ],
)
def test_a_record_is_known_by_what_it_says(kind: RecordKind, texts: list[str], seen: Seen) -> None:
    assert judge(kind, texts) is seen


def test_what_to_set_is_said_in_words_to_copy() -> None:
    records = wanted_records("kindred.org", "talent@kindred.org", "mail.kindred.org", "")
    assert [(one.host, one.value) for one in records] == [
        ("kindred.org", "v=spf1 a:mail.kindred.org ~all"),
        ("selector._domainkey.kindred.org", ""),
        ("_dmarc.kindred.org", "v=DMARC1; p=none; rua=mailto:talent@kindred.org"),
    ]


@pytest.mark.parametrize("typed", ["-a", "a b", "a/b", "ä", "x" * 64])
def test_what_is_no_selector_is_refused(typed: str) -> None:
    with pytest.raises(InvalidSelector):
        clean_selector(typed)


@pytest.mark.parametrize(
    ("mail_host", "says"),
    [
        ("mail.kindred.org", "a:mail.kindred.org"),
        ("192.0.2.25", "ip4:192.0.2.25"),
        ("2001:db8::25", "ip6:2001:db8::25"),
        ("", "mx"),
    ],
)
def test_who_may_send_is_named_by_its_name_or_its_number(mail_host: str, says: str) -> None:
    record = wanted_records(DOMAIN, f"talent@{DOMAIN}", mail_host, "")[0]
    assert record.value == f"v=spf1 {says} ~all"
