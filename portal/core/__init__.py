"""What every feature stands on, knowing no feature and no request."""
