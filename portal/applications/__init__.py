"""Applications: where they stand, what was written, what was promised."""
