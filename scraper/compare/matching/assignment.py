"""The best one-to-one assignment of a sparse set of weighed pairs."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush


@dataclass
class _Board:
    """Costs of the rows' pairs, with the duals and partners found so far (shortest augmenting paths)."""

    costs: list[dict[int, float]]
    row_price: list[float]
    column_price: dict[int, float] = field(default_factory=dict)
    row_of: dict[int, int] = field(default_factory=dict)
    column_of: dict[int, int] = field(default_factory=dict)


def best_assignment(weights: Mapping[tuple[int, int], float]) -> dict[int, int]:
    """Return row -> column with the greatest sum of weights; rows and columns may stay alone.

    Every weight is above zero. The work grows with the pairs that are given, not with rows times columns.
    """
    rows = sorted({row for row, _ in weights})
    if not rows:
        return {}
    top = max(weights.values())
    place = {row: index for index, row in enumerate(rows)}
    costs: list[dict[int, float]] = [
        {-1 - index: top} for index in range(len(rows))
    ]  # -1 - n: row n stays alone
    for (row, column), weight in sorted(weights.items()):
        costs[place[row]][column] = top - weight
    board = _Board(costs, [0.0] * len(rows))
    for index in range(len(rows)):
        _augment(board, index)
    return {rows[index]: column for column, index in board.row_of.items() if column >= 0}


def _augment(board: _Board, start: int) -> None:
    distance: dict[int, float] = {}
    came_from: dict[int, int] = {}
    done: dict[int, float] = {}
    heap: list[tuple[float, int]] = []
    row, reached = start, 0.0
    while True:
        for column, cost in board.costs[row].items():
            length = reached + cost - board.row_price[row] - board.column_price.get(column, 0.0)
            if column not in done and length < distance.get(column, float("inf")):
                distance[column], came_from[column] = length, row
                heappush(heap, (length, column))
        length, column = heappop(heap)
        while column in done:
            length, column = heappop(heap)
        done[column], reached = length, length
        if column not in board.row_of:
            break
        row = board.row_of[column]
    _reprice(board, start, done, reached)
    _flip(board, start, column, came_from)


def _reprice(board: _Board, start: int, done: Mapping[int, float], reached: float) -> None:
    board.row_price[start] += reached
    for column, length in done.items():
        board.column_price[column] = board.column_price.get(column, 0.0) - (reached - length)
        if column in board.row_of:
            board.row_price[board.row_of[column]] += reached - length


def _flip(board: _Board, start: int, column: int, came_from: Mapping[int, int]) -> None:
    while True:
        row = came_from[column]
        given_up = board.column_of.get(row)
        board.row_of[column], board.column_of[row] = row, column
        if row == start or given_up is None:
            return
        column = given_up
