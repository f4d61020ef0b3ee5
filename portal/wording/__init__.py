"""The words of mails: ours, and those an admin has put in their place."""
