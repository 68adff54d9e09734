"""Intervals in closed form: known figures, and that they hold what they say."""

import random

import pytest

from transforms.intervals import Figure, found_of, ratio, weighted_sum, wilson


def test_wilson_gives_the_figures_of_the_literature():
    """81 of 263 and 0 of 20: Newcombe 1998, table 1, method 3."""
    assert (round(wilson(81, 263).low, 4), round(wilson(81, 263).high, 4)) == (0.2553, 0.3662)
    assert (wilson(0, 20).low, round(wilson(0, 20).high, 4)) == (0.0, 0.1611)
    assert wilson(0, 0) == Figure(0.0, 0.0, 1.0)


def test_what_is_counted_to_the_last_is_certain():
    assert wilson(3, 10, of=10) == Figure(0.3, 0.3, 0.3)
    assert wilson(3, 10, of=12).high < wilson(3, 10).high


def test_a_ratio_without_doubt_is_a_division_and_one_by_nought_has_no_bound():
    assert ratio(Figure(2, 2, 2), Figure(4, 4, 4)) == Figure(0.5, 0.5, 0.5)
    assert found_of(Figure(30, 30, 30), Figure(10, 10, 10)) == Figure(0.75, 0.75, 0.75)
    assert found_of(Figure(0, 0, 5), Figure(2, 1, 4)).low == 0.0


@pytest.mark.parametrize(
    ("missed", "found"),
    [
        ([(3000, 6, 40), (800, 40, 30), (20000, 4, 60)], [(300, 270, 30), (60, 12, 8)]),
        ([(500, 25, 200), (800, 16, 300)], [(300, 270, 100), (150, 75, 50)]),
    ],
)
def test_the_interval_of_recall_holds_the_truth_nineteen_times_of_twenty(missed, found):
    """Strata of (texts, true ones, read), sampled again and again."""
    dice = random.Random(4)
    held = 0
    for _ in range(300):
        sums = [
            weighted_sum((n, wilson(sum(i < true for i in dice.sample(range(n), read)), read, n)) for n, true, read in strata)
            for strata in (missed, found)
        ]
        recall = found_of(sums[1], sums[0])
        truth = sum(s[1] for s in found) / sum(s[1] for s in (*found, *missed))
        held += recall.low <= truth <= recall.high
    assert held / 300 >= 0.91
