"""Updates by mail, at once or together at each reader's rhythm."""
