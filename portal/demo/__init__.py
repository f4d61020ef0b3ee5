"""The demo story."""
