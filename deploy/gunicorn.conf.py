"""gunicorn, the same for a newcomer's first start (run.py) and for a server behind nginx.

Read by `gunicorn portal.wsgi -c deploy/gunicorn.conf.py`; what depends on the machine comes from the environment.
"""

import contextlib
import ctypes
import os
from pathlib import Path

bind = f"{os.environ.get('HOST') or '127.0.0.1'}:{os.environ.get('PORT') or '8000'}"

# Threads keep a slow visitor (or a picture being encoded) from holding a whole worker.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY") or 2)
threads = 4
timeout = 60
graceful_timeout = 30
keepalive = 5

# Memory that C libraries keep is given back when a worker is replaced; the jitter keeps both from leaving at once.
max_requests = 5000
max_requests_jitter = 500

# Long enough for a search of a thousand Polish letters, short enough that nobody can fill the memory.
limit_request_line = 8190
limit_request_fields = 60
limit_request_field_size = 8190

# X-Forwarded-* is believed only from the addresses somebody named: anyone can send such a header.
forwarded_allow_ips = os.environ.get("FORWARDED_ALLOW_IPS", "")

# Each worker touches a file once a second to say it is alive; on a slow disk that alone can look like a hang.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None

# No access log by default: it would hold visitors' addresses. Views are counted in a journal without them.
accesslog = os.environ.get("ACCESS_LOG") or None
errorlog = "-"
loglevel = "info"

# Newer versions open a control socket in the user's home; nothing here uses it, and a service user may have no home.
control_socket_disable = True

# mallopt's numbers of glibc's malloc.h.
M_MMAP_THRESHOLD, M_ARENA_MAX = -3, -8


def post_fork(server, worker):
    """Give the memory of decoded pictures back at once: glibc would keep it, a pile for each thread, for good."""
    with contextlib.suppress(AttributeError, OSError):  # another C library has no such call
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_MMAP_THRESHOLD, 1024 * 1024)
        mallopt(M_ARENA_MAX, 2)
