"""The blueprint of a candidate's feedback."""

from flask import Blueprint

blueprint = Blueprint("feedback", __name__)
