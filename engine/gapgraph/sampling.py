"""What a sample says of a whole population: exact confidence limits of a deviation rate."""

from math import comb


def at_most(deviations: int, sample: int, rate: float) -> float:
    """The chance that a sample holds at most so many deviations where the population deviates at a rate."""
    return sum(comb(sample, i) * rate**i * (1 - rate) ** (sample - i) for i in range(deviations + 1))


def upper_limit(sample: int, deviations: int, confidence: float) -> float:
    """The one-sided upper limit of the deviation rate (Clopper and Pearson), rounded up in the sixth digit.

    It is the rate at which a sample with no more deviations than were found still has the chance 1 - confidence.
    Raises ValueError for counts that do not fit together and a confidence that is none.
    """
    if not 0 <= deviations <= sample or sample < 1 or not 0 < confidence < 1:
        raise ValueError("deviations lie between 0 and a sample of at least 1, the confidence between 0 and 1")
    if deviations == sample:
        return 1.0
    low, high = deviations / sample, 1.0
    while high - low > 1e-7:
        middle = (low + high) / 2
        if at_most(deviations, sample, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return min(1.0, round(high + 5e-7, 6))


def rate_limit(population: int, sample: int, deviations: int, confidence: float) -> float:
    """The rate that a test stands for: that of the population where all of it was tested, else its upper limit."""
    return deviations / sample if sample and sample == population else upper_limit(sample, deviations, confidence)
