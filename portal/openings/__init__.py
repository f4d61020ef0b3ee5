"""Openings that people apply to."""
