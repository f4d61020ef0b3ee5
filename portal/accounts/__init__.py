"""Signing in: addresses confirmed, sessions per device, one-time tokens, staff."""
