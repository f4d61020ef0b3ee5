"""People without an opening: found, added by hand or imported, invited once."""
