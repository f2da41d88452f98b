"""Kernel: the words every room uses. It knows no room and no Flask."""
