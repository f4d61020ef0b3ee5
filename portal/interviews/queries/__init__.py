"""What is read of interviews: by whoever arranges them, by the panel, and by the candidate."""
