"""The site as each web process makes it; imported by none but these."""

import os

from flask import Flask

from portal.app import create_app
from portal.core.running import work_here


def make() -> Flask:
    """The site; whoever waits for it is told once it is there. A restore is kept away as long as the process lives."""
    work_here()
    site = create_app()
    os.write(int(os.environ["RAPPORT_READY"]), b".")
    return site
