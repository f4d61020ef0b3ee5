"""Applications from applicant tracking systems: reading their files, mapping their words to ours."""
