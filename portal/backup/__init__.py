"""Everything that belongs to the site in one file, and back."""
