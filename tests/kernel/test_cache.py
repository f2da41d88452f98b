"""What a cache keeps, and what makes way."""

from app.kernel.cache import Cache


def test_those_not_asked_for_the_longest_make_way() -> None:
    cache: Cache[str, str] = Cache(10)
    for key in "abc":
        cache.put(key, key.upper(), 3)
    assert cache.get("a") == "A"
    cache.put("d", "D", 4)
    assert [cache.get(key) for key in "abcd"] == ["A", None, "C", "D"]
    assert cache.used == 10


def test_what_lies_there_already_takes_no_room_twice() -> None:
    cache: Cache[str, str] = Cache(10)
    cache.put("a", "A", 6)
    cache.put("a", "A", 6)
    assert cache.used == 6


def test_what_would_leave_no_room_for_others_is_not_kept() -> None:
    cache: Cache[str, str] = Cache(10)
    cache.put("a", "A", 3)
    cache.put("b", "B", 11)
    assert (cache.get("a"), cache.get("b"), cache.used) == ("A", None, 3)
