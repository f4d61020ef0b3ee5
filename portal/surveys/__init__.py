"""Experience surveys: asked at touchpoints, answered without a name, and shown only for five and more."""
