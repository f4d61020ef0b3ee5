"""Requests run in a context of their own, as on a server."""

from tests.accounts.conftest import own_context

__all__ = ["own_context"]
