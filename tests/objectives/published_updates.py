"""The published update of each optimizer for one array, written in float64 NumPy from the papers.

Each yields the update that is added to the parameters ``p``, one for each gradient; knobs ``k`` by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import numpy as np

Knobs = Mapping[str, float]
Update = Callable[[np.ndarray, Iterable[np.ndarray], Knobs], Iterator[np.ndarray]]


def sgd(p: np.ndarray, gradients: Iterable[np.ndarray], k: Knobs) -> Iterator[np.ndarray]:
    v = np.zeros_like(p)
    for g in gradients:
        v = k["momentum"] * v + g
        yield -k["learning_rate"] * v


def nesterov(p: np.ndarray, gradients: Iterable[np.ndarray], k: Knobs) -> Iterator[np.ndarray]:
    """Sutskever et al. 2013, in the variable at which the gradient is taken."""
    v = np.zeros_like(p)
    for g in gradients:
        before, v = v, k["momentum"] * v - k["learning_rate"] * g
        yield -k["momentum"] * before + (1 + k["momentum"]) * v


class Moments:
    """Adam's two running means and their bias-corrected forms."""

    def __init__(self, p: np.ndarray, k: Knobs) -> None:
        self.m, self.v, self.t, self.k = np.zeros_like(p), np.zeros_like(p), 0, k

    def see(self, g: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        b1, b2 = self.k["beta1"], self.k["beta2"]
        self.t += 1
        self.m = b1 * self.m + (1 - b1) * g
        self.v = b2 * self.v + (1 - b2) * g**2
        return self.m / (1 - b1**self.t), self.v / (1 - b2**self.t)


def adam(p: np.ndarray, gradients: Iterable[np.ndarray], k: Knobs) -> Iterator[np.ndarray]:
    moments = Moments(p, k)
    for g in gradients:
        m, v = moments.see(g)
        yield -k["learning_rate"] * m / (np.sqrt(v) + k["epsilon"])


def adamw(p: np.ndarray, gradients: Iterable[np.ndarray], k: Knobs) -> Iterator[np.ndarray]:
    for step in adam(p, gradients, k):
        update = step - k["learning_rate"] * k["weight_decay"] * p
        p = p + update
        yield update


def textbook_adam(p: np.ndarray, gradients: Iterable[np.ndarray], k: Knobs) -> Iterator[np.ndarray]:
    m, v = np.zeros_like(p), np.zeros_like(p)
    for g in gradients:
        m = k["beta1"] * m + (1 - k["beta1"]) * g
        v = k["beta2"] * v + (1 - k["beta2"]) * g**2
        yield -k["learning_rate"] * m / np.sqrt(v + k["epsilon"])


def nadam(p: np.ndarray, gradients: Iterable[np.ndarray], k: Knobs) -> Iterator[np.ndarray]:
    """Dozat 2016, algorithm 2 with a constant beta1, without its factor beta2 on the second moment."""
    moments, b1 = Moments(p, k), k["beta1"]
    for g in gradients:
        _, v = moments.see(g)
        ahead = b1 * moments.m / (1 - b1 ** (moments.t + 1)) + (1 - b1) * g / (1 - b1**moments.t)
        yield -k["learning_rate"] * ahead / (np.sqrt(v) + k["epsilon"])


def amsgrad(p: np.ndarray, gradients: Iterable[np.ndarray], k: Knobs) -> Iterator[np.ndarray]:
    moments, largest = Moments(p, k), np.zeros_like(p)
    for g in gradients:
        m, v = moments.see(g)
        largest = np.maximum(largest, v)
        yield -k["learning_rate"] * m / (np.sqrt(largest) + k["epsilon"])


def adabelief(p: np.ndarray, gradients: Iterable[np.ndarray], k: Knobs) -> Iterator[np.ndarray]:
    m, s, b1, b2 = np.zeros_like(p), np.zeros_like(p), k["beta1"], k["beta2"]
    for t, g in enumerate(gradients, 1):
        m = b1 * m + (1 - b1) * g
        s = b2 * s + (1 - b2) * (g - m) ** 2 + 1e-16
        yield -k["learning_rate"] * (m / (1 - b1**t)) / (np.sqrt(s / (1 - b2**t)) + k["epsilon"])


def radam(p: np.ndarray, gradients: Iterable[np.ndarray], k: Knobs) -> Iterator[np.ndarray]:
    """Liu et al. 2020, algorithm 2, taking the rectified step from a length of 5 on."""
    moments, b2 = Moments(p, k), k["beta2"]
    longest = 2 / (1 - b2) - 1
    for g in gradients:
        m, v = moments.see(g)
        t = moments.t
        length = longest - 2 * t * b2**t / (1 - b2**t)
        if length < 5:
            yield -k["learning_rate"] * m
            continue
        ratio = (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
        yield -k["learning_rate"] * np.sqrt(ratio) * m / (np.sqrt(v) + k["epsilon"])


def yogi(p: np.ndarray, gradients: Iterable[np.ndarray], k: Knobs) -> Iterator[np.ndarray]:
    """Zaheer et al. 2018 with Adam's bias correction; both means start at 1e-6."""
    m, v, b1, b2 = np.full_like(p, 1e-6), np.full_like(p, 1e-6), k["beta1"], k["beta2"]
    for t, g in enumerate(gradients, 1):
        m = b1 * m + (1 - b1) * g
        v = v - (1 - b2) * np.sign(v - g**2) * g**2
        yield -k["learning_rate"] * (m / (1 - b1**t)) / (np.sqrt(v / (1 - b2**t)) + k["epsilon"])


def rmsprop(p: np.ndarray, gradients: Iterable[np.ndarray], k: Knobs) -> Iterator[np.ndarray]:
    v, u = np.zeros_like(p), np.zeros_like(p)
    for g in gradients:
        v = k["decay"] * v + (1 - k["decay"]) * g**2
        u = k["momentum"] * u + k["learning_rate"] * g / np.sqrt(v + k["epsilon"])
        yield -u


def adagrad(p: np.ndarray, gradients: Iterable[np.ndarray], k: Knobs) -> Iterator[np.ndarray]:
    total = np.full_like(p, 0.1)
    for g in gradients:
        total = total + g**2
        yield -k["learning_rate"] * g / np.sqrt(total + k["epsilon"])


def adadelta(p: np.ndarray, gradients: Iterable[np.ndarray], k: Knobs) -> Iterator[np.ndarray]:
    v, u, rho = np.zeros_like(p), np.zeros_like(p), k["decay"]
    for g in gradients:
        v = rho * v + (1 - rho) * g**2
        step = np.sqrt(u + k["epsilon"]) / np.sqrt(v + k["epsilon"]) * g
        u = rho * u + (1 - rho) * step**2
        yield -k["learning_rate"] * step


def root_mean_square(a: np.ndarray) -> float:
    return float(np.sqrt((a**2).mean()))


def adafactor(p: np.ndarray, gradients: Iterable[np.ndarray], k: Knobs) -> Iterator[np.ndarray]:
    """Shazeer & Stern 2018, algorithm 4 for arrays whose second moments are kept whole."""
    v = np.zeros_like(p)
    for t, g in enumerate(gradients, 1):
        beta2 = 1 - t**-0.8
        v = beta2 * v + (1 - beta2) * (g**2 + 1e-30)
        u = g / np.sqrt(v)
        u = u / max(1, root_mean_square(u))
        update = -k["learning_rate"] * max(1e-3, root_mean_square(p)) * u
        p = p + update
        yield update


def lion(p: np.ndarray, gradients: Iterable[np.ndarray], k: Knobs) -> Iterator[np.ndarray]:
    m = np.zeros_like(p)
    for g in gradients:
        sign = np.sign(k["beta1"] * m + (1 - k["beta1"]) * g)
        m = k["beta2"] * m + (1 - k["beta2"]) * g
        update = -k["learning_rate"] * (sign + k["weight_decay"] * p)
        p = p + update
        yield update


def lamb(p: np.ndarray, gradients: Iterable[np.ndarray], k: Knobs) -> Iterator[np.ndarray]:
    moments = Moments(p, k)
    for g in gradients:
        m, v = moments.see(g)
        u = m / (np.sqrt(v) + k["epsilon"]) + k["weight_decay"] * p
        lengths = np.linalg.norm(p), np.linalg.norm(u)
        update = -k["learning_rate"] * u * (lengths[0] / lengths[1] if all(lengths) else 1)
        p = p + update
        yield update


PUBLISHED: dict[str, Update] = {
    one.__name__: one
    for one in (
        sgd, nesterov, adam, adamw, textbook_adam, nadam, amsgrad, adabelief, radam, yogi, rmsprop, adagrad, adadelta,
        adafactor, lion, lamb,
    )
}  # fmt: skip
