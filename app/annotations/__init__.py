"""Annotations: claims, figures and attributions tagged in an article's text.

`kinds` say what each may hold, and `sources` are whom attributions name. A span on its way in is
read by `given`, checked by `spans`, and becomes columns in `drafts`; on its way out `presenting`
tells it, with who reports it (`reported`). Where a text changes, `reanchoring` lets all that is
tagged in it follow, each as `following` says. `beside` is what the rooms above add.
"""
