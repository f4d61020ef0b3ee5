"""What surveys begin with."""
