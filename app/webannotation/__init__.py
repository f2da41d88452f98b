"""Web annotation: the W3C's protocol over the same annotations and links.

A project is a container of the Web Annotation Protocol. What is read and written there is in
the notation of `exchange.formats.jsonld`, and goes through the services of the rooms below.
"""
