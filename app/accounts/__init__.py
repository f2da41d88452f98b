"""Accounts: people, their sign-ins and their personal tokens."""
