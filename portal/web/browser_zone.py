"""On which clock somebody's browser runs, as a script puts it into the forms through which people come in."""

from typing import Final

from flask import request

from portal.core.zones import zone_named

#: The hidden field of `public/accounts/_zone.html`; without scripts it stays empty.
FIELD: Final = "browser_zone"


def browser_zone() -> str:
    """The IANA zone that came with the form of this request; empty when none did, or none that exists."""
    return zone_named(request.form.get(FIELD, "")) if request.method == "POST" else ""
