"""The reference: a Flask page that does nothing."""

from flask import Flask

app = Flask("bare")


@app.get("/")
def hello() -> str:
    """One line."""
    return "<!doctype html><title>Bare</title><h1>Bare</h1>"
