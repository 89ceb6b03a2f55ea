"""Redis as the shared cache: pages go on without it, quickly, and with it again by themselves."""

import time
from contextlib import contextmanager

import pytest
from django.core.cache import caches
from django.test import Client

from portal.content import shared_cache
from portal.pages.stack import services
from tests.conftest import lacking
from tests.make import make_office

pytestmark = pytest.mark.once


@pytest.fixture
def redis(tmp_path, settings, monkeypatch):
    """A Redis of this test, as the default cache."""
    if not services.found("redis-server"):
        lacking("no redis-server on PATH: install Debian's redis-server")
    monkeypatch.setattr(shared_cache, "_rests_until", 0.0)
    program = services.redis(tmp_path, port := services.free_port())
    program.start()
    with using_redis(settings, port):
        yield program
    program.end()


@contextmanager
def using_redis(settings, port: int):
    before = settings.CACHES
    default = {"BACKEND": "portal.content.shared_cache.SharedCache", "LOCATION": f"redis://127.0.0.1:{port}"}
    settings.CACHES = {**before, "default": default}
    try:
        yield
    finally:
        settings.CACHES = before


def everything(cache) -> dict:
    """Each thing that a cache can be asked, and what it answers."""
    answers = {
        "get": cache.get("a", "none"),
        "set": cache.set("a", [1], 60),
        "add": cache.add("b", 1, 60),
        "get_many": cache.get_many(["a", "b"]),
        "set_many": cache.set_many({"c": 1, "d": 2}, 60),
        "has_key": "a" in cache,
        "touch": cache.touch("a", 60),
        "delete": cache.delete("a"),
        "delete_many": cache.delete_many(["c", "d"]),
    }
    try:
        answers["incr"] = cache.incr("b")
    except ValueError:
        answers["incr"] = "not there"
    return answers


WORKING = {
    "get": "none", "set": None, "add": True, "get_many": {"a": [1], "b": 1}, "set_many": [], "has_key": True,
    "touch": True, "delete": True, "delete_many": None, "incr": 2,
}  # fmt: skip
AWAY = {
    "get": "none", "set": None, "add": False, "get_many": {}, "set_many": [], "has_key": False, "touch": False,
    "delete": False, "delete_many": None, "incr": "not there",
}  # fmt: skip


def test_it_answers_as_a_cache_does(redis):
    assert everything(caches["default"]) == WORKING


def test_killed_each_question_is_a_miss(redis):
    cache = caches["default"]
    everything(cache)
    with redis.away():
        assert everything(cache) == AWAY


def test_frozen_it_costs_a_moment_and_then_nothing(redis):
    cache = caches["default"]
    everything(cache)
    with redis.paused():
        began = time.monotonic()
        assert cache.get("a") is None
        first = time.monotonic() - began
        assert everything(cache) == AWAY
        assert time.monotonic() - began < first + 0.1
    assert shared_cache.SECONDS_TO_ANSWER <= first < 2 * shared_cache.SECONDS_TO_ANSWER + 0.1


def test_when_it_is_back_it_is_used_again(redis):
    cache = caches["default"]
    with redis.away():
        cache.get("a")
    time.sleep(shared_cache.SECONDS_OF_REST)
    cache.set("a", 1, 60)
    assert cache.get("a") == 1


def test_what_cannot_be_read_is_a_miss(redis):
    import redis as library

    cache = caches["default"]
    library.Redis(port=int(cache._servers[0].rsplit(":", 1)[1])).set(cache.make_key("a"), b"\x80\x05broken")
    assert cache.get("a", "none") == "none"


def test_pages_go_on_without_it(redis, db):
    make_office()
    assert Client().get("/").status_code == 200
    with redis.away():
        for _visit in range(3):
            assert Client().get("/").status_code == 200
            assert "13 000 10 10" in Client().get("/nie-ma/").content.decode()
