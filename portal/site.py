"""THE SITE MAP: every blueprint, one list per audience, with the permission that all its routes need."""

from flask import Flask

from portal.core.settings import Settings
from portal.web.audiences import Child, candidate_gate, make_audience, staff_gate

#: Pages that anybody may see.
PUBLIC: tuple[Child, ...] = ()

#: Below /me, for whoever is signed in.
CANDIDATE: tuple[Child, ...] = ()

#: Below /recruiting, for staff.
RECRUITING: tuple[Child, ...] = ()

#: Below /dev, only in development.
DEVELOPMENT: tuple[Child, ...] = ()


def mount(app: Flask, settings: Settings) -> None:
    """Register every route of the site."""
    app.register_blueprint(make_audience("public", "", None, PUBLIC))
    app.register_blueprint(make_audience("candidate", "/me", candidate_gate, CANDIDATE))
    app.register_blueprint(make_audience("recruiting", "/recruiting", staff_gate, RECRUITING))
    if not settings.is_production:
        app.register_blueprint(make_audience("dev", "/dev", None, DEVELOPMENT))
