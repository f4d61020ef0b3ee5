"""Loading the demo and taking it away."""

from portal.demo.actions.loading import is_empty, load_demo, refuse_in_production, remove_demo
from portal.demo.actions.people import ACCOUNTS, PASSWORD

__all__ = ["ACCOUNTS", "PASSWORD", "is_empty", "load_demo", "refuse_in_production", "remove_demo"]
