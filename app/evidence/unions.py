"""Things that are joined, and what is joined through others (union-find). Pure."""


class Unions:
    """Groups of the numbers from 0 on, as many as were added; each begins as a group of one.

    Joining costs next to nothing: paths are halved, and the smaller group goes under the larger.
    """

    def __init__(self, count: int = 0) -> None:
        self._above = list(range(count))
        self._size = [1] * count

    def add(self) -> int:
        """One more number, alone."""
        self._above.append(len(self._above))
        self._size.append(1)
        return len(self._above) - 1

    def top(self, one: int) -> int:
        """The number that stands for the group of `one`; the same for all in it."""
        above = self._above
        while above[one] != one:
            above[one] = one = above[above[one]]
        return one

    def join(self, one: int, other: int) -> None:
        """Make the groups of both one group."""
        one, other = self.top(one), self.top(other)
        if one == other:
            return
        if self._size[one] < self._size[other]:
            one, other = other, one
        self._above[other] = one
        self._size[one] += self._size[other]
