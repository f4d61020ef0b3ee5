"""Who did what: an append-only record of every change that matters."""
