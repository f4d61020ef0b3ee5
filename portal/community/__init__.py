"""Members and what they look for: joining, preferences, suggestions."""
