"""Requests that no browser of ours would send: broken bodies, cookies, addresses and lists that are asked for."""

import hashlib
import hmac
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any
from urllib.parse import quote

from flask_wtf import FlaskForm
from hypothesis import strategies as st
from sqlalchemy import select
from wtforms.fields.core import UnboundField

from portal.core.db import end_reading, session
from portal.outbox.models import IncomingMail
from portal.outbox.states import IncomingState
from portal.people.models import Address
from tests.security.bad_input import FILES, MAILS, TEXTS, broken
from tests.whole_site.routes import routes, token_of
from tests.whole_site.world import COOKIE, World

#: Kinds of bodies, as they name themselves.
_KINDS = (
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-7",
    "multipart/form-data",
    "multipart/form-data; boundary=b",
    'multipart/form-data; boundary="',
    "multipart/form-data; boundary=" + "b" * 300,
    "application/json",
    "text/xml; charset=utf-16",
    "message/rfc822",
    "",
    "x/é",
)
#: What signs mail that a mail server posts.
HOOK_SECRET = "a-hook-secret-that-is-only-good-for-tests"
_WHO = ("visitor", "ada", "rita", "admin")
#: These end what the other requests need.
_LAST = ("sign-out", "sign_out", "leave", "deactivate")


@dataclass(frozen=True)
class Request:
    """One request: who sends it, where, and what stands in it."""

    who: str
    method: str
    path: str
    options: dict[str, Any] = field(hash=False)


def requests_to(world: World) -> st.SearchStrategy[Request]:
    """Requests to every page of this world, and to pages that it does not have."""
    looked = [world.url(rule, whose) for rule in routes(world.app, "GET") for whose in ("ada", "bob")]
    posted = [world.url(rule) for rule in routes(world.app, "POST")]
    posted = [path for path in posted if not any(word in path for word in _LAST)]
    with_token = [rule for rule in routes(world.app, "GET") if "token" in rule.arguments]
    names = st.sampled_from(_names()) | TEXTS
    fields = st.dictionaries(names, TEXTS | st.lists(TEXTS, max_size=3), max_size=5)
    who = st.sampled_from(_WHO)
    tokens = {name: token_of(world.browsers[name]) for name in _WHO}
    gets = st.builds(
        lambda name, path, query: Request(name, "GET", path, {"query_string": query}),
        *(who, st.sampled_from(looked), fields),
    )
    lost = st.builds(
        lambda name, path, text: Request(name, "GET", _bent(path, text), {}), *(who, st.sampled_from(looked), TEXTS)
    )
    linked = st.builds(
        lambda rule, token: Request("visitor", "GET", rule.rule.replace("<token>", _quoted(token)), {}),
        st.sampled_from(with_token),
        TEXTS,
    )
    forms = st.builds(
        lambda name, path, sent: Request(name, "POST", path, {"data": {"csrf_token": tokens[name], **sent}}),
        *(who, st.sampled_from(posted), fields),
    )
    files = st.builds(
        lambda name, path, sent, content, called: Request(
            name, "POST", path, {"data": {"csrf_token": tokens[name], **sent, **_files(content, called)}}
        ),
        *(who, st.sampled_from(posted), st.dictionaries(names, TEXTS, max_size=3), broken(*FILES), TEXTS),
    )
    raw = st.builds(
        lambda name, path, kind, body: Request(
            name, "POST", path, {"data": body, "content_type": kind, "headers": {"X-CSRFToken": tokens[name]}}
        ),
        *(who, st.sampled_from(posted), st.sampled_from(_KINDS), broken(*_bodies(tokens["ada"]))),
    )
    cookie = world.browsers["ada"].client.get_cookie(COOKIE)
    good = cookie.value.encode() if cookie else b""
    cookies = st.builds(
        lambda path, mark, known: Request(
            "", "GET", path, {"headers": {"Cookie": f"{COOKIE}={_letters(mark)}; known={_letters(known)}"}}
        ),
        *(st.sampled_from(looked), broken(good), broken(good, b"W10.x", b"bnVsbA.x")),
    )
    mails = MAILS.map(lambda raw: Request("", "POST", "/hooks/bounces", {"data": raw, "headers": _signature(raw)}))
    return st.one_of(gets, lost, linked, forms, files, raw, cookies, mails)


def _signature(raw: bytes) -> dict[str, str]:
    signed = hmac.new(HOOK_SECRET.encode(), raw, hashlib.sha256).hexdigest()
    return {"X-Portal-Signature": f"sha256={signed}", "Content-Type": "message/rfc822"}


def _names() -> list[str]:
    """Every name of a field in a form that the site has, and what addresses carry."""
    found = {"page", "q", "sort", "next", "kept", "token", "v", "at", "zone"}
    for form in _all_below(FlaskForm):
        found |= {name for name, field in vars(form).items() if isinstance(field, UnboundField)}
    return sorted(found)


def _all_below(form: type) -> Iterator[type]:
    for one in form.__subclasses__():
        yield one
        yield from _all_below(one)


def _bodies(token: str) -> tuple[bytes, ...]:
    sent = f"csrf_token={token}&name=Ada&email=ada%40example.org&text=%ff%fe&a[b][c]=1&a=1&a=2".encode()
    parts = (
        f'--b\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n--b\r\n'
        'Content-Disposition: form-data; name="file"; filename="../../x.svg"\r\n'
        "Content-Type: image/svg+xml\r\n\r\n<svg/>\r\n--b--\r\n"
    ).encode()
    entities = b"<!DOCTYPE x [<!ENTITY a 'a'>]><x>&a;</x>"
    return sent, parts, b'{"name": "Ada", "a": [[[[]]]]}', b"&".join([b"a=1"] * 2000), entities


def _files(content: bytes, called: str) -> dict[str, Any]:
    name = called.replace("\0", "").encode("utf-8", "replace").decode()[:200] or "x"
    return {field: (BytesIO(content), name) for field in ("file", "cv", "picture", "logo")}


def _letters(raw: bytes) -> str:
    return "".join(chr(one) for one in raw if one not in b"\r\n\0;")


def _quoted(text: str) -> str:
    return quote(text.encode("utf-8", "replace"), safe="") or "x"


def _bent(path: str, text: str) -> str:
    start, _slash, last = path.partition("?")[0].rpartition("/")
    return f"{start}/{last[:3]}{_quoted(text)}"


def send(world: World, request: Request, number: int) -> int:
    """Send it from a network address of its own; the status. Fail where the site breaks, or sends us elsewhere."""
    client = world.browsers[request.who].client if request.who else world.app.test_client(use_cookies=False)
    network = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    answer = client.open(
        request.path, method=request.method, environ_overrides={"REMOTE_ADDR": network}, **request.options
    )
    assert answer.status_code < 500, f"{request.method} {request.path}: {answer.status}"
    assert answer.headers.get("X-Content-Type-Options") == "nosniff"
    assert not answer.headers.get("Location", "/").startswith(("//", "http", "/\\")), answer.headers["Location"]
    assert "<svg onload" not in answer.get_data(as_text=True)
    return answer.status_code


def known() -> tuple[set[str], set[int]]:
    """Addresses of people, and mail that came in: what nothing of this may lose."""
    end_reading()
    found = set(session().scalars(select(Address.email))), set(session().scalars(select(IncomingMail.id)))
    end_reading()
    return found


def waits_to_be_sorted() -> bool:
    """Whether mail that came in was not looked at yet."""
    end_reading()
    return session().scalar(select(IncomingMail.id).where(IncomingMail.state == IncomingState.NEW).limit(1)) is not None
