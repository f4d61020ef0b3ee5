"""What is kept and until when: copies for people, erasures that were asked for, questions to stay, sealed records."""
