"""The site as each web process makes it; imported by none but these."""

import os

from portal.app import create_app
from portal.core.running import work_here
from portal.serving.leaving import Leaving


def make() -> Leaving:
    """The site; whoever waits for it is told once it is there. A restore is kept away as long as the process lives."""
    work_here()
    site = create_app()
    made = Leaving(site.wsgi_app, int(os.environ["RAPPORT_SOCKET"]), int(os.environ["RAPPORT_PARTING"]))
    os.write(int(os.environ["RAPPORT_READY"]), b".")
    return made
