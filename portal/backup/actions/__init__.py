"""Backing the site up while it runs, and restoring it."""

from portal.backup.actions.backing_up import back_up
from portal.backup.actions.restoring import NotEmpty, Restored, restore

__all__ = ["NotEmpty", "Restored", "back_up", "restore"]
