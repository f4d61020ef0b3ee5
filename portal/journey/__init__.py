"""The candidate's home; shows, owns no tables."""
