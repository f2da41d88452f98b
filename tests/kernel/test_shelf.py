"""What lies on a shelf, and what makes way."""

from app.kernel.shelf import Shelf


def test_those_not_asked_for_the_longest_make_way() -> None:
    shelf: Shelf[str, str] = Shelf(10)
    for key in "abc":
        shelf.put(key, key.upper(), 3)
    assert shelf.get("a") == "A"
    shelf.put("d", "D", 4)
    assert [shelf.get(key) for key in "abcd"] == ["A", None, "C", "D"]
    assert shelf.used == 10


def test_what_lies_there_already_takes_no_room_twice() -> None:
    shelf: Shelf[str, str] = Shelf(10)
    shelf.put("a", "A", 6)
    shelf.put("a", "A", 6)
    assert shelf.used == 6


def test_what_would_leave_no_room_for_others_is_not_kept() -> None:
    shelf: Shelf[str, str] = Shelf(10)
    shelf.put("a", "A", 3)
    shelf.put("b", "B", 11)
    assert (shelf.get("a"), shelf.get("b"), shelf.used) == ("A", None, 3)
