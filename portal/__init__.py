"""Rapport: a talent community portal that keeps its promises to candidates."""
