"""`make screens`: pictures of every page. `make screens ARGS=--keep` also takes those that the README shows."""

import sys

from tests.screens.making import make_screens

if __name__ == "__main__":
    sys.exit(0 if make_screens(keeps="--keep" in sys.argv) else 1)
