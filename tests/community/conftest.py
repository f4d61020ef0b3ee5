"""Each request of these tests runs in a context of its own, as on a server."""

from tests.accounts.conftest import own_context

__all__ = ["own_context"]
