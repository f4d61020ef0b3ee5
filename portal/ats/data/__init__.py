"""What other systems call things, in the languages that companies keep their lists in."""
