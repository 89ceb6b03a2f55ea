"""`manage.py bench pages`: how fast the pages are, each beside a bare Django view that returns the same bytes.

`data` fills a database of its own, `server` runs gunicorn, `load` asks as many questions as it can answer, `report`
prints. `portal_app` and `bare_app` are what gunicorn runs.
"""
