"""The CV that came with an application, for the staff who may see it: on an address of its own that can do nothing."""

from flask import request, send_file
from werkzeug.wrappers import Response

from portal.applications.queries.applying import received_of
from portal.applications.recruiter_views.finding import asker, blueprint, find
from portal.applications.rules.documents import MEDIA_TYPES, DocumentKind
from portal.core.errors import NotFound
from portal.core.logs import log
from portal.files.queries import path_of

#: No script, no form, no request and no cookie of ours: the file is what a stranger made.
_SANDBOX = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"


@blueprint.get("/applications/<public_id>/cv")
def cv(public_id: str) -> Response:
    scope = asker()
    received = received_of(find(public_id, scope).id)
    path = path_of(received.cv.id) if received and received.cv else None
    if received is None or received.cv is None or path is None:
        raise NotFound
    kind = received.cv.kind
    is_inline = kind is DocumentKind.PDF and "download" not in request.args
    log.info("cv_read", application=public_id, person=scope.person_id)
    answer = send_file(path, mimetype=MEDIA_TYPES[kind], as_attachment=not is_inline, download_name=received.cv.name)
    answer.headers["Content-Security-Policy"] = _SANDBOX
    # Read beside the application, in a frame on a page of ours.
    answer.headers["X-Frame-Options"] = "SAMEORIGIN"
    return answer
