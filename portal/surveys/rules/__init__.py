"""Pure decisions about surveys: questions, who is asked, what is released, what may be shown."""
