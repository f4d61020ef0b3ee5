"""Mail about openings that match what a member looks for."""
