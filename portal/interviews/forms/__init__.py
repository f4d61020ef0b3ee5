"""What is filled in about interviews."""
