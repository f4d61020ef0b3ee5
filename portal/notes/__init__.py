"""What colleagues note about people for themselves, and the tags they give them; no candidate ever reads it."""
