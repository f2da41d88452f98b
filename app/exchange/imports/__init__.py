"""Import: lines and files come in, each held to the checks of the API, in flat memory."""
