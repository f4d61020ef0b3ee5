"""What somebody wrote who was no longer signed in when they sent it: read here, kept by whoever is registered.

Every page's CSRF token says, signed by us, whose browser it was made for. So a form names its writer although the
session that it came from is over, and nobody can send one in another's name.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request, session
from itsdangerous import BadData, URLSafeTimedSerializer
from werkzeug.datastructures import MultiDict

from portal.core.identifiers import new_secret
from portal.core.settings import current_settings
from portal.web.traces import leaves_no_trace

Fields = tuple[tuple[str, str], ...]

_CSRF = "csrf_token"
#: Flask-WTF signs the token with it.
_SALT = "wtf-csrf-token"
#: Passwords and codes: never kept, never shown again. A test looks at every form for fields that should be here.
SECRETS = frozenset({"code", "password", "present"})
#: In the address of a page whose form is to be filled in with what was kept.
FILL = "kept"
#: In a form that sends again: which one.
NUMBER = "kept_form"
#: What stands in a form beside its own fields; "username" is there for password managers.
_OURS = frozenset({_CSRF, NUMBER, "username"})
_REGISTERED = "kept_forms"
#: A page that was opened longer ago sends nothing that is kept.
_OLDEST = timedelta(days=1)


@dataclass(frozen=True)
class Written:
    """A form as it was sent, without secrets and files."""

    #: The public id of the person it belongs to.
    writer: str
    path: str
    fields: Fields
    has_files: bool


class Keeper(NamedTuple):
    """Who keeps forms: `keep` says where their writer gets them back, `find` what waits here under a number."""

    keep: Callable[[Written], str | None]
    find: Callable[[str], Written | None]


class Again(NamedTuple):
    """A form that can be sent once more as it is."""

    path: str
    fields: Fields


def keep_forms_with(app: Flask, keeper: Keeper) -> None:
    """Let `keeper` keep what would be lost."""
    app.extensions[_REGISTERED] = keeper


def name_the_reader(public_id: str) -> None:
    """Let every form that this browser gets from now on say that it was made for this person."""
    session[_CSRF] = f"{public_id}.{new_secret()}"


def keep_what_was_sent() -> str | None:
    """Keep the form that this request sends, for the person it was made for; where they get it back.

    None when there is nothing to keep, or nobody to keep it for, and for a form that another site may have sent: with
    it the browser sends no cookie of ours, so one that we set in the answer would take the place of its own.
    Nor of a page that leaves no trace: how long a copy is and when it was made would say who wrote what.
    """
    if leaves_no_trace():
        return None
    keeper: Keeper | None = current_app.extensions.get(_REGISTERED)
    written = _written() if _is_from_here() else None
    return keeper.keep(written) if keeper is not None and written is not None else None


def _is_from_here() -> bool:
    """Whether a page of ours sends this: as the browser says or, where it says nothing, by the cookie it brings."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site in {"same-origin", "none"}
    if origin is not None:
        return urlsplit(origin).netloc in {request.host, urlsplit(current_settings().base_url).netloc}
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def writer_of_form() -> str:
    """The public id of the person whom the form was made for that this request sends; empty when it says nobody, and
    when it was made more than a day ago.
    """
    signed = URLSafeTimedSerializer(str(current_app.secret_key), salt=_SALT)
    try:
        said = signed.loads(request.form.get(_CSRF, ""), max_age=int(_OLDEST.total_seconds()))
    except BadData:
        return ""
    name, dot, _random = str(said).partition(".")
    return name if dot else ""


def is_behind_a_gate() -> bool:
    """Whether this request is for pages of people who are signed in."""
    outer = current_app.blueprints.get(request.blueprints[-1]) if request.blueprints else None
    return getattr(outer, "has_gate", False)


def sendable_again() -> Again | None:
    """The form of this request, if the page that answers can offer to send it once more, complete as it was."""
    if request.method != "POST" or _CSRF not in request.form or _has_files():
        return None
    if any(name in SECRETS for name in request.form):
        return None
    return Again(_path(), _fields())


def kept_fields() -> MultiDict[str, str] | None:
    """What waits for the page that is asked for now, when its address says that its form is to be filled in."""
    number = request.args.get(FILL, "")
    if not number or request.method != "GET":
        return None
    if "kept_fields" not in g:
        keeper: Keeper | None = current_app.extensions.get(_REGISTERED)
        found = keeper.find(number) if keeper is not None else None
        is_here = found is not None and found.path.partition("?")[0] == request.path
        g.kept_fields = MultiDict(found.fields) if found is not None and is_here else None
    kept: MultiDict[str, str] | None = g.kept_fields
    return kept


def _written() -> Written | None:
    writer, fields = writer_of_form(), _fields()
    if request.method != "POST" or not writer or not any(value.strip() for _name, value in fields):
        return None
    return Written(writer, _path(), fields, _has_files())


def _fields() -> Fields:
    return tuple((name, value) for name, value in request.form.items(multi=True) if name not in _OURS | SECRETS)


def _has_files() -> bool:
    return any(file.filename for file in request.files.values())


def _path() -> str:
    return request.full_path.rstrip("?")
