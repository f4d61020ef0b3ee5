"""Flask without features: audiences and their gates, forms, templates, headers, error pages."""
