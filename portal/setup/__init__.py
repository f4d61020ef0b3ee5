"""The admin's home: what a new company still has to do, and whether its mail is set up to arrive."""
