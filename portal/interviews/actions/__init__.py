"""Interviews are proposed, chosen, moved, called off, held and closed."""
