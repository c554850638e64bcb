"""Reads a file as an HXL data set with the reference library and says as JSON what it found."""

import json
import sys

import hxl

with hxl.data(sys.argv[1], hxl.InputOptions(allow_local=True)) as source:
    columns = [{"tag": column.display_tag, "header": column.header} for column in source.columns]
    rows = [row.values for row in source]
print(json.dumps({"columns": columns, "rows": rows}))
