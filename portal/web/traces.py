"""Pages of which nothing is to say when somebody was there."""

from flask import current_app, request


def leaves_no_trace() -> bool:
    """Whether this request is for such a page: no line in the log, and no copy of what it sends."""
    inner = current_app.blueprints.get(request.blueprint or "")
    return getattr(inner, "leaves_no_line", False)
