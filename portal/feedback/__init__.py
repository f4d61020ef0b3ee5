"""Feedback after interviews: who is owed it, who writes and approves it, and what the candidate makes of it."""
