"""What may be arranged and when, what stands in calendars, and what interviewers are told."""
