"""Articles: the texts that are tagged, kept byte for byte, and their revisions."""
