"""Changes of pools and of who is in them."""

from portal.pools.actions.keeping import change_pool, close_pool, create_pool, keep_pool
from portal.pools.actions.parting import give_back
from portal.pools.actions.putting import put_in, take_back, take_out
from portal.pools.actions.reviewing import ask_for_review

__all__ = [
    "ask_for_review",
    "change_pool",
    "close_pool",
    "create_pool",
    "give_back",
    "keep_pool",
    "put_in",
    "take_back",
    "take_out",
]
