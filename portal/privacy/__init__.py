"""What we hold about a person, shown, exported and erased across all features."""
