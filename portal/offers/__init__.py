"""Offers: made by a person, answered by the candidate."""
