"""The whole portal as it runs for an office, from this machine's own programs: nginx, two web processes, PostgreSQL,
Redis and `tick`, on free ports and in one folder. `manage.py stack` shows it; benchmarks measure and break it."""
