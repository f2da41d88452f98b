"""Export: what of a project goes out, read from one snapshot of the database.

`selection` says which things; `dataset` reads them for formats: as rows (`statements`,
`rows_of`), or as tables that the database writes (`tables`, `table_statements`, `celled`, over
the driver itself by `driving`). `downloads` is an export under way, with its first chunk made.
"""
