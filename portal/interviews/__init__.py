"""Interviews: proposing, choosing, moving, preparing, holding them well, and what is asked afterwards."""
