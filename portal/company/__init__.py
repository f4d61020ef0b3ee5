"""What a company changes from day to day, and its calendar."""
