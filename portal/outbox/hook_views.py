"""Where a mail server posts what comes in, instead of a mailbox that we would read."""

import hashlib
import hmac

from flask import Blueprint, Response, abort, request

from portal.core.clock import now
from portal.core.leases import wake_job
from portal.core.settings import current_settings
from portal.outbox.actions import keep_mail
from portal.outbox.rules.incoming import LARGEST
from portal.outbox.states import CameBy
from portal.web.application import csrf
from portal.web.audiences import accepts_upload
from portal.web.identity import for_machines

blueprint = Blueprint("hooks", __name__)

_SIGNATURE = "X-Portal-Signature"
_METHOD = "sha256="
#: What a program sends that was not told what it sends; its body would be taken apart as a form.
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


@blueprint.post("/hooks/bounces")
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF has no types
@for_machines
@accepts_upload(LARGEST)
def take_mail() -> Response:
    """Keep a raw message; what it means is found out later, so that this answers at once.

    404 while the settings have no secret, 401 without the signature, 413 above 3 MB. The same message again is 202 too.
    """
    secret = current_settings().hook_secret
    if not secret:
        abort(404)
    if request.mimetype in _FORMS:
        return _said("Send it as message/rfc822.\n", 415)
    raw = request.get_data(cache=False)
    if not _is_signed(secret, raw, request.headers.get(_SIGNATURE, "")):
        return _said("The signature is missing or wrong.\n", 401)
    if not raw:
        return _said("Nothing came.\n", 400)
    if keep_mail(raw, CameBy.HOOK, now()):
        wake_job("outbox/sort_mail", now())
    return _said("Kept.\n", 202)


def _is_signed(secret: str, raw: bytes, signature: str) -> bool:
    expected = hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    given = signature.strip().lower().removeprefix(_METHOD)
    return hmac.compare_digest(expected.encode(), given.encode("utf-8", "replace"))


def _said(words: str, status: int) -> Response:
    return Response(words, status, mimetype="text/plain")
