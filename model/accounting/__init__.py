"""Accounting: who owns and owes what, who paid whom, and the identities that have to hold."""
