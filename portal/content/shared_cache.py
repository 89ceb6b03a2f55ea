"""Redis as a cache that may fail: an error is a miss, and costs no more than a moment."""

import logging
import pickle
import time

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

logger = logging.getLogger("portal.cache")

SECONDS_TO_ANSWER = 0.2
# After an error nobody asks for so long: a page asks several times, and each would wait anew.
SECONDS_OF_REST = 2
# Of an answer that an older or newer version of the portal has written.
UNREADABLE = (pickle.UnpicklingError, AttributeError, ImportError, EOFError, TypeError)

_rests_until = 0.0  # of all threads of this process


class SharedCacheClient(RedisCacheClient):
    def __init__(self, servers, **options):
        times = {"socket_timeout": SECONDS_TO_ANSWER, "socket_connect_timeout": SECONDS_TO_ANSWER}
        super().__init__(servers, **times, retry=Retry(NoBackoff(), 0), **options)

    def _tried(self, method, on_error, *args):
        global _rests_until
        if time.monotonic() < _rests_until:
            return on_error
        try:
            return method(*args)
        except (RedisError, OSError) as error:
            _rests_until = time.monotonic() + SECONDS_OF_REST
            logger.warning("the shared cache does not answer: %s", error)
        except UNREADABLE:
            logger.warning("the shared cache holds what cannot be read")
        return on_error

    def add(self, *args):
        return self._tried(super().add, False, *args)

    def get(self, key, default):
        return self._tried(super().get, default, key, default)

    def set(self, *args):
        return self._tried(super().set, None, *args)

    def touch(self, *args):
        return self._tried(super().touch, False, *args)

    def delete(self, *args):
        return self._tried(super().delete, False, *args)

    def get_many(self, keys):
        return self._tried(super().get_many, {}, list(keys))

    def has_key(self, key):
        return self._tried(super().has_key, False, key)

    def incr(self, key, delta):
        """Raises ValueError when it is not there, as every cache does, also when that cannot be known."""
        number = self._tried(super().incr, None, key, delta)
        if number is None:
            raise ValueError(f"Key {key!r} not found.")
        return number

    def set_many(self, *args):
        return self._tried(super().set_many, None, *args)

    def delete_many(self, keys):
        return self._tried(super().delete_many, None, keys)

    def clear(self):
        return self._tried(super().clear, False)


class SharedCache(RedisCache):
    def __init__(self, server, params):
        super().__init__(server, params)
        self._class = SharedCacheClient
