"""Webhooks: the change feed sent to where a project wants it, signed, in order, with retries."""
