"""The compiled programs of a study: training, a look at all layers, and routes through them; each serves all
depths."""

from __future__ import annotations

from functools import cached_property, partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax

from playground.analysis.depth.network import (
    EPSILON,
    WIDTH,
    DepthParams,
    draw_network,
    pad_layers,
    stack_networks,
)
from playground.analysis.depth.passes import cross_entropy, loss_gradients, multiply
from playground.analysis.depth.samples import Samples
from playground.analysis.depth.settings import BRANCH_STARTS, MAX_DEPTH, DepthSettings
from playground.nn.activations import ACTIVATIONS
from playground.nn.layers import hash_bits
from playground.programs.cache import ProgramSpec
from playground.programs.compiler import Program, aot_compile, vector_options

BATCH = 32
MEAN_DECAY, SQUARE_DECAY, ADAM_EPSILON = 0.9, 0.999, 1e-8
"""Of Adam (Kingma & Ba 2015)."""
GRADIENT_ROWS = 128
"""Train samples whose gradient is looked at."""
ROUTES_PER_CALL = 8
ROUTE_ROWS = 512
"""Train samples that routes are scored on, the first of them."""


class DepthState(NamedTuple):
    """Where the training of G networks of one depth stands: parameters, Adam's means of gradients and of their squares,
    and the steps taken ``()``."""

    params: DepthParams
    mean: DepthParams
    square: DepthParams
    step: Any


class DepthLook(NamedTuple):
    """What is seen of G networks at one step.

    ``scores (4, G)``: losses over train and test set, and shares of right answers. ``signal (MAX_DEPTH, G)``: root mean
    square of the sums that reach each layer. ``change (MAX_DEPTH - 1, G)``: how far each layer behind the first is from
    the identity, ||h_{l+1} - h_l|| / ||h_l|| over the train set. ``gradient (MAX_DEPTH, G)``: norm of the loss's
    gradient with respect to each layer's matrix. ``moments (2, MAX_DEPTH, G, WIDTH)``: mean and variance over the train
    set of what batch normalisation receives. Layers that the networks do not have hold zeros.
    """

    scores: Array
    signal: Array
    change: Array
    gradient: Array
    moments: Array


class DepthPrograms:
    """The programs for the data and the structure of ``settings``; seeds, depth, steps and rate are arguments.

    Batches are ``BATCH`` rows drawn with replacement, by each network's seed and step alone: the plain and the residual
    network of one seed see the same ones, whatever is trained beside them and in however many calls.
    """

    def __init__(self, settings: DepthSettings, samples: Samples) -> None:
        self.settings, self.samples = settings, samples
        self.seeds = np.array(settings.seeds, np.uint32)
        self.skip = np.repeat(np.array([0, 1], np.float32), settings.networks)[:, None, None]
        self._x, self._y = jnp.asarray(samples.x), jnp.asarray(samples.y)

    def begin(self, depth: int) -> DepthState:
        """The state before the first step: the plain networks first, then those with skip connections, of the same
        seeds."""
        settings, samples = self.settings, self.samples
        kinds = 1.0, BRANCH_STARTS[settings.branches].factor(depth)
        networks = [
            draw_network(
                seed,
                depth,
                samples.x.shape[1],
                samples.classes,
                settings.initializer,
                branch_factor,
                settings.batch_norm,
            )
            for branch_factor in kinds
            for seed in settings.seeds
        ]
        params = pad_layers(stack_networks(networks))
        nothing = jax.tree.map(np.zeros_like, params)
        return DepthState(params, nothing, nothing, np.int32(0))

    def train(self, state: DepthState, depth: int, steps: int) -> DepthState:
        """``state`` after so many more steps of networks of ``depth`` layers."""
        return self.recipes[0].program()(
            state,
            self._x,
            self._y,
            self.seeds,
            np.int32(depth),
            self.skip,
            np.int32(steps),
            np.float32(self.settings.learning_rate),
        )

    def look(self, params: DepthParams, depth: int) -> DepthLook:
        """What is seen of ``params`` of ``depth`` layers; a score that is no number is infinite, of a share 0."""
        return self.recipes[1].program()(params, self._x, self._y, np.int32(depth), self.skip)

    def reroute(
        self, params: DepthParams, moments: Array | np.ndarray, depth: int, routes: list[tuple[int, ...]]
    ) -> np.ndarray:
        """Loss and share of right answers ``(routes, 2, G)`` over the first ``ROUTE_ROWS`` train samples, where the
        layers behind the first are those of a route, in its order: numbers from 0 to ``depth - 2``. Batch normalisation
        keeps ``moments``, those of the network as it was trained."""
        program, parts = self.recipes[2].program(), []
        for first in range(0, len(routes), ROUTES_PER_CALL):
            group = routes[first : first + ROUTES_PER_CALL]
            order, counts = np.zeros((ROUTES_PER_CALL, MAX_DEPTH), np.int32), np.zeros(ROUTES_PER_CALL, np.int32)
            for place, route in enumerate(group):
                order[place, : len(route)], counts[place] = route, len(route)
            scores = program(
                params,
                moments,
                self._x,
                self._y,
                np.int32(depth),
                self.skip,
                order,
                counts,
                np.int32(len(group)),
            )
            parts.append(np.asarray(scores)[: len(group)])
        return np.concatenate(parts) if parts else np.zeros((0, 2, len(self.skip)))

    @cached_property
    def recipes(self) -> tuple[ProgramSpec, ...]:
        """How the programs are compiled: the training's, the look's and the routes'."""
        settings, samples = self.settings, self.samples
        key = (
            settings.activation,
            settings.batch_norm,
            samples.x.shape,
            samples.train_count,
            samples.classes,
            len(self.skip),
        )
        return (
            ProgramSpec(("depth training", *key), self._compile_training, shared=True),
            ProgramSpec(("depth look", *key), self._compile_look, shared=True),
            ProgramSpec(("depth routes", *key), self._compile_routes, shared=True),
        )

    def _compile_training(self) -> Program:
        train = partial(train_networks, self.settings.activation, self.samples.train_count)
        state, depth, steps, rate = self.begin(2), np.int32(2), np.int32(1), np.float32(0.1)
        arguments = (state, self._x, self._y, self.seeds, depth, self.skip, steps, rate)
        return aot_compile(train, *arguments, options=vector_options())

    def _compile_look(self) -> Program:
        look = partial(look_at_networks, self.settings.activation, self.samples.train_count)
        return aot_compile(look, self.begin(2).params, self._x, self._y, np.int32(2), self.skip)

    def _compile_routes(self) -> Program:
        score = partial(score_routes, self.settings.activation, min(self.samples.train_count, ROUTE_ROWS))
        moments = np.zeros((2, MAX_DEPTH, len(self.skip), WIDTH), np.float32)
        order, counts = np.zeros((ROUTES_PER_CALL, MAX_DEPTH), np.int32), np.zeros(ROUTES_PER_CALL, np.int32)
        params, depth, count = self.begin(2).params, np.int32(2), np.int32(1)
        return aot_compile(score, params, moments, self._x, self._y, depth, self.skip, order, counts, count)


def batch_rows(seeds: Array, step: Array, rows: int) -> Array:
    """The rows ``(len(seeds), BATCH)`` of a step's batches, from 0 to ``rows - 1``, with replacement."""
    place = jnp.arange(BATCH, dtype=jnp.uint32)[None] + step.astype(jnp.uint32) * jnp.uint32(BATCH)
    uniform = (hash_bits(place ^ hash_bits(seeds + jnp.uint32(1))[:, None]) >> 8).astype(jnp.float32)
    return (uniform * jnp.float32(2**-24) * rows).astype(jnp.int32)


def train_networks(
    activation: str,
    train_count: int,
    state: DepthState,
    x: Array,
    y: Array,
    seeds: Array,
    depth: Array,
    skip: Array,
    steps: Array,
    rate: Array,
) -> DepthState:
    """``state`` after so many steps of Adam; ``x (n, D)`` and ``y (n,)``, the train set first."""

    def take_step(_: Array, state: DepthState) -> DepthState:
        chosen = batch_rows(seeds, state.step, train_count)
        batch = jnp.tile(jnp.swapaxes(x[chosen], 1, 2), (2, 1, 1))
        _, gradient = loss_gradients(activation, state.params, depth, skip, batch, jnp.tile(y[chosen], (2, 1)))
        step = state.step + 1
        square_share = jnp.sqrt(1 - jnp.float32(SQUARE_DECAY) ** step)
        scaled_rate = rate * square_share / (1 - jnp.float32(MEAN_DECAY) ** step)
        mean = jax.tree.map(lambda m, g: MEAN_DECAY * m + (1 - MEAN_DECAY) * g, state.mean, gradient)
        square = jax.tree.map(lambda v, g: SQUARE_DECAY * v + (1 - SQUARE_DECAY) * g * g, state.square, gradient)
        params = jax.tree.map(
            lambda p, m, v: p - scaled_rate * m / (jnp.sqrt(v) + ADAM_EPSILON * square_share),
            state.params,
            mean,
            square,
        )
        return DepthState(params, mean, square, step)

    return lax.fori_loop(0, steps, take_step, state)


def normalize_sums(params: DepthParams, layer: Array, h: Array, mean: Array, variance: Array) -> Array:
    """``h (G, WIDTH, rows)`` as the activation of ``layer`` receives it, by moments ``(G, WIDTH)``."""
    if not len(params.scales):
        return h
    factor = params.scales[layer] * lax.rsqrt(variance + EPSILON)
    return factor[..., None] * (h - mean[..., None]) + params.offsets[layer][..., None]


def first_sums(params: DepthParams, x: Array) -> Array:
    """The sums ``(G, WIDTH, rows)`` of the first layer for all rows of ``x (rows, D)``."""
    return jnp.einsum("gwd,nd->gwn", params.input_weights, x) + params.input_bias[..., None]


def look_at_networks(
    activation: str, train_count: int, params: DepthParams, x: Array, y: Array, depth: Array, skip: Array
) -> DepthLook:
    """What ``DepthLook`` says of networks of ``depth`` layers."""
    f, many = ACTIVATIONS[activation].fn, skip.shape[0]

    def see_layer(layer: Array, h: Array, seen: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        signal, moments = seen
        learned = h[:, :, :train_count]
        mean, variance = learned.mean(axis=2), learned.var(axis=2)
        signal = signal.at[layer].set(jnp.sqrt(jnp.square(learned).mean(axis=(1, 2))))
        moments = moments.at[:, layer].set(jnp.stack([mean, variance]))
        return f(normalize_sums(params, layer, h, mean, variance)), (signal, moments)

    def pass_layer(layer: Array, carry: tuple) -> tuple:
        h, change, seen = carry
        output, seen = see_layer(layer, h, seen)
        after = skip * h + multiply(params.weights[layer], output) + params.biases[layer][..., None]
        moved, size = (jnp.square(part[:, :, :train_count]).sum(axis=(1, 2)) for part in (after - h, h))
        return after, change.at[layer].set(jnp.sqrt(moved / jnp.maximum(size, 1e-30))), seen

    seen = jnp.zeros((MAX_DEPTH, many)), jnp.zeros((2, MAX_DEPTH, many, WIDTH))
    h, change, seen = lax.fori_loop(
        0, depth - 1, pass_layer, (first_sums(params, x), jnp.zeros((MAX_DEPTH - 1, many)), seen)
    )
    output, (signal, moments) = see_layer(depth - 1, h, seen)
    logits = multiply(params.output_weights, output) + params.output_bias[..., None]
    rows = min(train_count, GRADIENT_ROWS)
    batch = jnp.broadcast_to(x[:rows].T[None], (many, x.shape[1], rows))
    _, gradient = loss_gradients(activation, params, depth, skip, batch, jnp.broadcast_to(y[:rows][None], (many, rows)))
    norms = [
        jnp.sqrt(jnp.square(gradient.input_weights).sum(axis=(1, 2)))[None],
        jnp.sqrt(jnp.square(gradient.weights).sum(axis=(2, 3))),
    ]
    scores = [set_scores(logits, y, part) for part in (slice(None, train_count), slice(train_count, None))]
    rows_of_scores = jnp.stack([scores[0][0], scores[1][0], scores[0][1], scores[1][1]])
    return DepthLook(rows_of_scores, signal, change, jnp.concatenate(norms), moments)


def set_scores(logits: Array, y: Array, part: slice) -> tuple[Array, Array]:
    """Mean loss and share of right answers ``(G,)`` over the rows ``part``."""
    logits, y = logits[:, :, part], y[part]
    losses, _ = cross_entropy(logits, jnp.broadcast_to(y[None], (logits.shape[0], len(y))))
    loss = losses.mean(axis=1)
    is_right = (logits.argmax(axis=1) == y[None]).mean(axis=1)
    return jnp.where(jnp.isfinite(loss), loss, jnp.inf), jnp.where(jnp.isfinite(loss), is_right, 0.0)


def score_routes(
    activation: str,
    rows: int,
    params: DepthParams,
    moments: Array,
    x: Array,
    y: Array,
    depth: Array,
    skip: Array,
    order: Array,
    counts: Array,
    count: Array,
) -> Array:
    """Loss and share of right answers ``(ROUTES_PER_CALL, 2, G)`` of the first ``count`` routes over the first
    ``rows``: the ``counts[r]`` layers behind the first are those of ``order[r]``."""
    f = ACTIVATIONS[activation].fn
    first = first_sums(params, x[:rows])

    def outputs_of(layer: Array, h: Array) -> Array:
        return f(normalize_sums(params, layer, h, moments[0, layer], moments[1, layer]))

    def score_route(route: Array, scores: Array) -> Array:
        def pass_layer(place: Array, h: Array) -> Array:
            layer = order[route, place]
            return skip * h + multiply(params.weights[layer], outputs_of(layer, h)) + params.biases[layer][..., None]

        h = lax.fori_loop(0, counts[route], pass_layer, first)
        logits = multiply(params.output_weights, outputs_of(depth - 1, h)) + params.output_bias[..., None]
        return scores.at[route].set(jnp.stack(set_scores(logits, y[:rows], slice(None))))

    return lax.fori_loop(0, count, score_route, jnp.zeros((ROUTES_PER_CALL, 2, skip.shape[0])))
