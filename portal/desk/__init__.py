"""The staff's home and the card of a person; shows, owns no tables."""
