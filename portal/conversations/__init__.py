"""One conversation with each person: what they ask, what we answer, and what still waits for an answer."""
