"""What the company tells its community, and who reads it."""
