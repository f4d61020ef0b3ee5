"""A pool, kept from others until a transaction ends."""

from sqlalchemy import select

from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.pools.models import Pool
from portal.pools.rules import PoolClosed


def locked_pool(public_id: str) -> Pool:
    """The open pool with this public id; joins the transaction. Raises NotFound, PoolClosed."""
    with transaction() as own:
        pool = own.scalars(select(Pool).where(Pool.public_id == public_id).with_for_update()).one_or_none()
        if pool is None:
            raise NotFound
        if pool.closed_at is not None:
            raise PoolClosed(_("This pool has been closed, and nobody is in it any more."))
        return pool
