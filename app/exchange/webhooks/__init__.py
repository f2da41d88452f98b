"""Webhooks: the change feed sent to where a project wants it, signed, in order, with retries.

`service` makes and changes them. `working` is the loop that delivers: `claiming` takes the next
batch in hand, `delivering` makes the attempt (`events`, `signing`, `addresses`, `sending`) and
`retrying` says when to try again.
"""
