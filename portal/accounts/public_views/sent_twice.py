"""The second request of a double click, when the first has made this browser's session a new one: it is led in, too.

Without this it would come with a cookie that is worth nothing any more, and its answer would sign the browser out.
"""

from collections.abc import Callable

from flask import flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import secret_after
from portal.accounts.forms import new_address_words, new_password_words, what_was_sent
from portal.accounts.public_views.browser import halfway, waiting_secret
from portal.accounts.public_views.second_factor import come_in
from portal.accounts.queries import SignedIn, find_identity, own_addresses
from portal.core.clock import now
from portal.web.audiences import local_path
from portal.web.identity import maybe_identity
from portal.web.signing_in import remember


def answer_second_click() -> Response | None:
    """As the first click was answered, if this request is its very repetition; else None, and it goes its usual way."""
    answer = _ANSWERS.get(request.endpoint or "") if request.method == "POST" else None
    former = str(session.get("_user_id") or "") or waiting_secret()
    if answer is None or not former or maybe_identity() is not None or halfway() is not None:
        return None
    at = now()
    # Somebody who has been idle for too long is not signed in, and has not sent anything before either.
    secret = secret_after(former, what_was_sent(), at) if find_identity(former, at) is None else ""
    found = find_identity(secret, at) if secret else None
    return answer(found, secret) if found is not None else None


def _password(found: SignedIn, secret: str) -> Response:
    remember(secret)
    flash(new_password_words(), "success")
    return redirect(url_for("candidate.accounts.account"), 303)


def _address(found: SignedIn, secret: str) -> Response:
    remember(secret)
    flash(new_address_words(own_addresses(found.person_id)[0].email, is_change=True), "success")
    return redirect(url_for("candidate.accounts.account"), 303)


def _factor(found: SignedIn, secret: str) -> Response:
    wanted = local_path(request.args.get("next", ""))
    return come_in(found.person_id, secret, wanted, remembers="remember" in request.form)


def _recovery_code(found: SignedIn, secret: str) -> Response:
    return come_in(found.person_id, secret, url_for("recruiting.second_factor.show"), remembers=False)


def _set_up(found: SignedIn, secret: str) -> Response:
    remember(secret)
    return redirect(url_for("public.accounts.recovery_codes"), 303)


_ANSWERS: dict[str, Callable[[SignedIn, str], Response]] = {
    "candidate.accounts.change_password": _password,
    "candidate.accounts.confirm_address": _address,
    "public.accounts.second_factor": _factor,
    "public.accounts.recovery_code": _recovery_code,
    "public.accounts.set_up": _set_up,
}
