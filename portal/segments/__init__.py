"""Groups of people by rules over what we know of them."""
