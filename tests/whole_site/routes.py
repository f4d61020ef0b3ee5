"""Guards over the routes: each walks through a world along some rules and returns a line per break."""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.routing.converters import NumberConverter
from werkzeug.test import TestResponse

from portal.core.db import Model, db, end_reading
from portal.core.permissions import Permission, Role, is_allowed
from portal.web.headers import CONTENT_SECURITY_POLICY
from portal.web.numbers import LARGEST
from portal.wording.rules import FRAME_POLICY
from tests.pages import Browser
from tests.whole_site.access import ANYONE, DEVELOPMENT, FOLLOWER, OWNER, SIGNED_IN, WITHOUT_CSRF, access_of
from tests.whole_site.world import World

ROLES = {
    "visitor": None,
    "ada": Role.CANDIDATE,
    "bob": Role.CANDIDATE,
    "hugo": Role.HIRING_MANAGER,
    "rita": Role.RECRUITER,
    "admin": Role.ADMIN,
}
#: Those who look at everything to see whether that changes something.
LOOKING = ("visitor", "ada", "hugo", "rita", "admin")
SECRETS = ("secret stage", "culture fit", "secret label")


def routes(app: Flask, method: str) -> list[Rule]:
    """Every rule that answers `method`."""
    return sorted(
        (rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())), key=lambda one: one.rule
    )


def missing_from_table(app: Flask, table: dict[tuple[str, str], str]) -> set[tuple[str, str]]:
    """Routes without a line, and lines without a route."""
    here = {
        (method, str(rule.endpoint))
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        for rule in routes(app, method)
    }
    return here ^ set(table)


def numbers_without_end(app: Flask) -> list[str]:
    """Routes with a number in their address that no column may be able to hold: the database would answer 500."""
    return [
        rule.rule
        for rule in app.url_map.iter_rules()
        for converter in rule._converters.values()
        if isinstance(converter, NumberConverter) and (converter.max is None or converter.max > LARGEST)
    ]


@dataclass(frozen=True)
class Look:
    """What somebody was answered at an address that is about what belongs to `whose`."""

    name: str
    rule: Rule
    whose: str
    url: str
    answer: TestResponse


def looks(world: World, rules: Sequence[Rule], names: Iterable[str] = ROLES) -> Iterator[Look]:
    """Each role with every id of Ada's and of Bob's."""
    for name in names:
        for rule in rules:
            for whose in ("ada", "bob"):
                url = world.url(rule, whose)
                yield Look(name, rule, whose, url, world.browsers[name].client.get(url))


def read_too_much(world: World, rules: Sequence[Rule]) -> list[str]:
    """404, not 403, for what is not theirs, whoever asks for whatever."""
    return [line for look in looks(world, rules) for line in is_too_much(look)]


def is_too_much(look: Look) -> Iterator[str]:
    """What somebody was shown or told that is not theirs."""
    name, rule, whose, url, answer = look.name, look.rule, look.whose, look.url, look.answer
    role, access = ROLES[name], access_of("GET", str(rule.endpoint))
    if answer.status_code not in expected(access, role, is_own=_is_own(rule, name, whose)):
        yield f"{name} got {answer.status} at {url}"
    is_sent_on = answer.status_code == 303 and access not in {ANYONE, DEVELOPMENT}
    if is_sent_on and answer.location.startswith("/sign-in") != (role is None):
        yield f"{name} was sent to {answer.location} from {url}"
    is_outsider = role in {None, Role.CANDIDATE} and access != DEVELOPMENT
    if is_outsider and any(secret in answer.get_data(as_text=True) for secret in SECRETS):
        yield f"{name} was shown a secret at {url}"


#: Pages of one opening that its hiring manager may read.
OF_AN_OPENING = frozenset({f"recruiting.openings.{page}" for page in ("show", "preview", "version")})


def _is_own(rule: Rule, name: str, whose: str) -> bool:
    if name == "hugo" and rule.endpoint in {
        "recruiting.applications.show",
        "recruiting.applications.cv",
        "recruiting.applications.pipeline",
        "recruiting.conversations.show",
        "recruiting.desk.read",
        "recruiting.notes.about",
        "recruiting.notes.many",
        "recruiting.offers.show",
        "recruiting.written_feedback.approve",
        "recruiting.feedback.give",
        "recruiting.feedback.call",
    }:
        return whose == "ada"
    if rule.endpoint in {
        "recruiting.notes.change",
        "recruiting.notes.noted_many",
        "recruiting.pools.added",
        "recruiting.low_scores.show",
    }:
        # A note is changed by its author, and a low score read by whom it came to; the one asked for is nobody's.
        return False
    if rule.endpoint in {
        "recruiting.applications.changed_many",
        "recruiting.applications.change_progress",
        "recruiting.applications.delayed",
        "recruiting.applications.delayed_progress",
        "recruiting.applications.ending_round",
        "recruiting.applications.ending_progress",
        "recruiting.people_lists.check",
        "recruiting.fitting.sent",
        "recruiting.fitting.progress",
    }:
        # Notices belong to the colleague who sent them; the one that is asked for is nobody's.
        return False
    if name == "hugo" and rule.endpoint in OF_AN_OPENING:
        return whose == "ada"
    return access_of("GET", str(rule.endpoint)) not in {FOLLOWER, OWNER} or name == whose


def expected(access: str, role: Role | None, *, is_own: bool) -> set[int]:
    """The answers that a GET may give."""
    if access in {ANYONE, DEVELOPMENT}:
        return {200, 302, 303, 404, 410}
    if role is None:
        return {303}
    if access == SIGNED_IN:
        return {200}
    if access in {FOLLOWER, OWNER}:
        return {200} if is_own else {404}
    return {200, 303} if is_allowed(role, Permission(access)) and is_own else {404}


def changed_too_much(world: World, rules: Sequence[Rule]) -> list[str]:
    """Posts with a good CSRF token to what is not theirs: 404 or the sign-in page, and nothing has changed."""
    before = fingerprint()
    found = []
    for name, role in ROLES.items():
        token = token_of(world.browsers[name])
        for rule in rules:
            if _may_post(rule, role):
                continue
            url = world.url(rule, "bob" if name != "bob" else "ada")
            answer = world.browsers[name].client.post(url, data={"csrf_token": token})
            if answer.status_code != (303 if role is None else 404):
                found.append(f"{name} got {answer.status} at {rule.rule}")
    return found + changed_since(before)


def _may_post(rule: Rule, role: Role | None) -> bool:
    """Whether somebody of this role may post there, even with an id that is not theirs."""
    access = access_of("POST", str(rule.endpoint))
    if access == ANYONE:
        return True
    if role is None:
        return False
    if access in {SIGNED_IN, FOLLOWER, OWNER}:
        return "public_id" not in rule.arguments
    return is_allowed(role, Permission(access))


def token_of(browser: Browser) -> str:
    """A CSRF token that is good in this browser."""
    page = browser.get("/privacy")
    for form in page.forms:
        if "csrf_token" in form.values:
            return str(form.values["csrf_token"])
    return str(browser.get("/sign-in").form(having="email").values["csrf_token"])


def posted_without_token(world: World, rules: Sequence[Rule]) -> list[str]:
    """Posts that are not refused, or change something, although they come from no page of ours."""
    before = fingerprint()
    found = []
    for name in ("visitor", "ada", "admin"):
        for rule in rules:
            if rule.endpoint in WITHOUT_CSRF:
                continue
            answer = world.browsers[name].client.post(world.url(rule), data={"name": "x", "message": "x"})
            if answer.status_code != 400:
                found.append(f"{name} got {answer.status} at {rule.rule}")
    return found + changed_since(before)


def changed_by_looking(world: World, rules: Sequence[Rule], names: Sequence[str] = LOOKING) -> list[str]:
    """Tables that are not what they were after these people have looked."""
    before = fingerprint()
    for name in names:
        for rule in rules:
            world.browsers[name].client.get(world.url(rule))
    return changed_since(before)


def fingerprint() -> dict[str, str]:
    """What stands in every table."""
    end_reading()
    with db.engines["write"].connect() as connection:
        found = {
            table.name: hashlib.sha256(
                repr(sorted(map(repr, connection.execute(select(table)).all()))).encode()
            ).hexdigest()
            for table in Model.metadata.sorted_tables
        }
        connection.rollback()
    return found


def changed_since(before: dict[str, str]) -> list[str]:
    """Tables that are not what they were."""
    return [f"{name} has changed" for name, hashed in fingerprint().items() if hashed != before[name]]


def answered_without_headers(world: World, rules: Sequence[Rule]) -> list[str]:
    """Headers that are wrong in the answer to a GET, whoever asks."""
    found = [line for look in looks(world, rules, ("visitor", "ada", "admin")) for line in has_wrong_headers(look)]
    return list(dict.fromkeys(found))


def has_wrong_headers(look: Look) -> Iterator[str]:
    """What is wrong in the headers of one answer."""
    for line in wrong_headers(look.answer, look.rule):
        yield f"{look.name} at {look.rule.rule}: {line}"


#: A mail is shown in a frame, with the styles it carries and nothing else; and the pages around such a frame.
FRAMES = frozenset({"recruiting.wording.shown", "recruiting.updates.mail_frame"})
#: A page of ours is shown in a frame, with its styles and fonts, and runs nothing.
FRAMED_PAGES = frozenset({"recruiting.updates.page_frame"})
#: Files that strangers made: they may do nothing at all.
SANDBOXED = frozenset({"recruiting.applications.cv", "recruiting.interviews.cv"})
AROUND = frozenset(
    {"recruiting.updates.preview", "recruiting.desk.read", "recruiting.wording.edit", "recruiting.wording.version"}
)


def wrong_headers(answer: TestResponse, rule: Rule | None = None) -> list[str]:
    """Headers of an answer that are not exactly what they must be; `rule` is None for an error page."""
    endpoint = str(rule.endpoint) if rule else ""
    has_token = rule is not None and "token" in rule.arguments
    wanted = {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer" if has_token else "no-referrer|same-origin",
        "X-Request-ID": "[0-9a-f]+",
    }
    is_shown = answer.status_code == 200
    if is_shown and endpoint in FRAMES:
        wanted |= {"Content-Security-Policy": re.escape(FRAME_POLICY), "X-Frame-Options": "SAMEORIGIN"}
    elif is_shown and endpoint in FRAMED_PAGES:
        wanted |= {
            "Content-Security-Policy": "sandbox allow-same-origin; default-src 'none'; .*; frame-ancestors 'self'",
            "X-Frame-Options": "SAMEORIGIN",
        }
    elif is_shown and endpoint in SANDBOXED:
        wanted |= {"Content-Security-Policy": "sandbox; default-src 'none'; .*", "X-Frame-Options": "SAMEORIGIN"}
    elif not endpoint.startswith("dev.mailbox."):
        policy = re.escape(CONTENT_SECURITY_POLICY) + (
            re.escape("; frame-src 'self'") if is_shown and endpoint in AROUND else ""
        )
        wanted |= {"Content-Security-Policy": policy, "X-Frame-Options": "DENY"}
    if endpoint != "static":
        wanted["Cache-Control"] = "no-store"
    sent = {name: answer.headers.get(name, "") for name in wanted}
    found = [f"{name} is {sent[name]!r}" for name, good in wanted.items() if not re.fullmatch(good, sent[name])]
    for cookie in answer.headers.getlist("Set-Cookie"):
        found += [f"a cookie is not {mark}" for mark in ("HttpOnly", "SameSite=Lax") if mark not in cookie]
    return found
