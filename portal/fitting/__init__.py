"""Who may fit an opening, with why, and inviting them."""
