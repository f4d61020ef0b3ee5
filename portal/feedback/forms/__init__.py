"""What pages about feedback ask."""
