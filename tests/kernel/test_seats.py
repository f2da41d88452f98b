"""Seats: taken, given back, and waited for by one at a time."""

import threading
import time

from app.kernel.seats import Seats


def test_a_seat_is_one_persons_until_it_is_given_back() -> None:
    seats = Seats(2)
    assert [seats.take() for _ in range(3)] == [True, True, False]
    seats.leave()
    assert seats.take()


def test_whoever_is_patient_has_the_seat_that_comes_free() -> None:
    seats = Seats(1)
    assert seats.take()
    leaving = threading.Timer(0.1, seats.leave)
    leaving.start()
    began = time.monotonic()
    assert seats.take(10)
    assert time.monotonic() - began < 5
    leaving.join()


def test_patience_ends_and_only_one_stands_in_line() -> None:
    seats = Seats(1)
    assert seats.take()
    told: list[bool] = []
    first = threading.Thread(target=lambda: told.append(seats.take(1)))
    first.start()
    time.sleep(0.2)  # by now the first stands in line
    began = time.monotonic()
    assert not seats.take(30)
    assert time.monotonic() - began < 0.7
    first.join()
    assert told == [False]


def test_nobody_waits_where_there_are_no_seats() -> None:
    began = time.monotonic()
    assert not Seats(0).take(30)
    assert time.monotonic() - began < 5
