"""How an update will look: its page and its mail, in light and in dark, on a desk and on a phone."""

from flask import make_response, render_template, request
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.i18n import reader
from portal.people.queries import Profile, Recipient, profile_of
from portal.updates import emails
from portal.updates.queries import UpdateView, draft_for_staff, opening_for
from portal.updates.recruiter_views.finding import blueprint, find
from portal.updates.rules import content_in_words
from portal.web.headers import CONTENT_SECURITY_POLICY
from portal.web.identity import identity
from portal.wording.rules import FRAME_POLICY, Scheme, in_scheme

#: A page in a frame may show our styles and fonts, and run nothing.
PAGE_POLICY = (
    "sandbox allow-same-origin; default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "frame-ancestors 'self'"
)
#: Pixels: a column of a desk, and a phone.
_WIDTHS = {"desk": "100%", "phone": "390"}


@blueprint.get("/updates/<public_id>/preview")
def preview(public_id: str) -> Response:
    view = find(public_id)
    wanted = request.args.get("width", "")
    width = wanted if wanted in _WIDTHS else "desk"
    page = render_template("recruiting/updates/preview.html", view=view, width=_WIDTHS[width], shown_on=width)
    response = make_response(page)
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


@blueprint.get("/updates/<public_id>/preview/page")
def page_frame(public_id: str) -> Response:
    """The page as readers see it, for a frame; `?as=` dark or light."""
    view = find(public_id)
    content = draft_for_staff(view).content
    page = render_template(
        "recruiting/updates/_frame.html",
        theme=_scheme().value,
        shown=content_in_words(content, opening_for(content.opening, identity().person_id, now())),
        author=_author(view),
    )
    return _framed(page, PAGE_POLICY)


@blueprint.get("/updates/<public_id>/preview/mail")
def mail_frame(public_id: str) -> Response:
    """The mail as its reader sees it, for a frame; `?as=` dark, light or text."""
    view, me = find(public_id), identity()
    author = _author(view)
    to = Recipient(me.person_id, me.public_id, me.name, me.email, me.locale, reader().zone)
    mail = emails.update(to, draft_for_staff(view).content, view.slug or "…", author.name if author else me.name)
    if request.args.get("as") == "text":
        return _framed(render_template("email/_text.html", title=mail.subject, text=mail.text), FRAME_POLICY)
    return _framed(in_scheme(mail.html, _scheme()), FRAME_POLICY)


def _author(view: UpdateView) -> Profile | None:
    return profile_of(view.author_id) if view.author_id is not None else None


def _scheme() -> Scheme:
    return Scheme.DARK if request.args.get("as") == "dark" else Scheme.LIGHT


def _framed(html: str, policy: str) -> Response:
    response = make_response(html)
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
