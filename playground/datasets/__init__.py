"""Datasets: synthetic, measured, and tables of one's own; and the input features of a point.

A family's file holds its samplers and ends with ``FAMILY``, its entries: a new dataset is one function and one entry
there.
"""

from __future__ import annotations

from playground.datasets import bundled as real
from playground.datasets.dataset import Dataset, Points
from playground.datasets.features import FEATURES, Feature, feature_of
from playground.datasets.splitting import split, standardization
from playground.datasets.synthetic import classification, curves, patterns, regression
from playground.datasets.tabular.choices import ReadingChoices
from playground.datasets.tabular.detection import read_csv, read_table
from playground.datasets.tabular.table import Table
from playground.registry import Registry

__all__ = [
    "DATASETS",
    "FEATURES",
    "Dataset",
    "Feature",
    "Points",
    "ReadingChoices",
    "Table",
    "feature_of",
    "read_csv",
    "read_table",
    "split",
    "standardization",
]

DATASETS: Registry[Dataset] = Registry("dataset")
for family in (classification, patterns, curves, regression, real):
    for dataset in family.FAMILY:
        DATASETS.register(dataset)
