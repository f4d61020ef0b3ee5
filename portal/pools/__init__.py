"""Groups of people put together by hand, each for a purpose."""
