"""One file with everything that cannot be made again, and the way back from it: into either database, older or newer.

What lies in a backup: `rows/<model>.jsonl.gz` (a row is a JSON list in the order of `columns` in the manifest),
`files/…` (uploads), `manifest.json`, and as the last member `checksums.json`. Left out is what the portal makes again:
sessions, the search index, published copies of files.
"""
