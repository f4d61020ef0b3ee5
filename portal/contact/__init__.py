"""May we write to this person? The ledger of what they agreed to."""
