"""A link as the description of the API shows one."""

LINK = {
    "from": "01981d2c-7f00-7000-8000-00000000000a",
    "to": "01981d2c-7f00-7000-8000-00000000000b",
    "relation": "contradicts",
    "basis": "numeric",
    "rationale": "At least forty are not a dozen.",
    "confidence": "medium",
}
