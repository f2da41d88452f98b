"""Sources: who is named in attributions, under which names, and what each said."""
