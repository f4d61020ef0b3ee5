"""Tasks: something owed by a named person by a date."""
