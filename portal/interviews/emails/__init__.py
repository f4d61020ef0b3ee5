"""What is sent about interviews: to the candidate, and to colleagues who take part."""
