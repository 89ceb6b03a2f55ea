"""`manage.py bench signup`: the promises of sign-up, tried over HTTP with workers, visitors and mail as processes.

`world` starts the processes, `storm_client` and `smtp_sink` are two of them, `scene` is what a case begins with,
`cases` are what is tried, `findings` what was seen. `unlocked_app` is the portal without its lock, for gunicorn.
"""
