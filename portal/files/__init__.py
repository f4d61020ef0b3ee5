"""Uploaded files, each with the day on which it is deleted."""
