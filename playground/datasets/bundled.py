"""Measured data that scikit-learn ships; scikit-learn is imported when the first sample is drawn, not before."""

from __future__ import annotations

from functools import cache, partial

import numpy as np

from playground.datasets.dataset import Dataset, Points
from playground.language import mark

CELL_MEASURES = {
    "radius": mark("radius"),
    "texture": mark("texture"),
    "perimeter": mark("perimeter"),
    "area": mark("area"),
    "smoothness": mark("smoothness"),
    "compactness": mark("compactness"),
    "concavity": mark("concavity"),
    "concave_points": mark("concave points"),
    "symmetry": mark("symmetry"),
    "fractal_dimension": mark("fractal dimension"),
}

SHORT_STATISTICS = {
    "mean": mark("mean {measure}"),
    "error": mark("error {measure}"),
    "worst": mark("worst {measure}"),
}
CELL_STATISTICS = {
    "mean": mark("mean {measure} of the nuclei"),
    "error": mark("standard error of the {measure} over the nuclei"),
    "worst": mark("{measure} of the worst nuclei (mean of the three largest)"),
}


@cache
def rows(name: str) -> Points:
    """All rows of the measured dataset ``name``, in their published order and units; read-only."""
    from sklearn import datasets

    # scikit-learn scales diabetes to unit column norms unless told otherwise; years and mg/dl say more in a picture.
    options = {"scaled": False} if name == "diabetes" else {}
    x, y = getattr(datasets, f"load_{name}")(return_X_y=True, **options)
    x, y = np.array(x, np.float64), np.array(y)
    x.flags.writeable = y.flags.writeable = False
    return Points(x, y)


def subset(name: str, rng: np.random.Generator, n: int, noise: float, classes: int) -> Points:
    """``n`` rows at random, or all in order where there are no more; noise is normal, in deviations of the column."""
    everything = rows(name)
    count = len(everything.y)
    chosen = rng.permutation(count)[:n] if n < count else np.arange(count)
    x, y = everything.x[chosen], everything.y[chosen]
    deviation = everything.x.std(axis=0)
    return Points(x + noise * deviation * rng.standard_normal(x.shape), y)


def measured_dataset(
    name: str,
    count: int,
    columns: tuple[str, ...],
    class_names: tuple[str, ...],
    *,
    target: str,
    column_labels: tuple[str, ...] = (),
    short_labels: tuple[str, ...],
    label: str,
    explanation: str,
    formula: str,
    source: str,
) -> Dataset:
    """The measured dataset ``name`` of ``count`` rows; a regression when it has no ``class_names``."""
    classes = len(class_names) or 1
    return Dataset(
        name=name,
        label=label,
        explanation=explanation,
        formula=formula,
        source=source,
        task="classification" if class_names else "regression",
        sample=partial(subset, name),
        synthetic=False,
        columns=columns,
        column_labels=column_labels,
        short_labels=short_labels,
        class_names=class_names,
        target=target,
        classes=(classes, classes, classes),
        samples=count,
        max_samples=count,
        domain=None,
        standardize=True,
    )


FAMILY = (
    measured_dataset(
        "iris",
        150,
        ("sepal_length_cm", "sepal_width_cm", "petal_length_cm", "petal_width_cm"),
        ("setosa", "versicolor", "virginica"),
        target=mark("species"),
        column_labels=(
            mark("sepal length (cm)"),
            mark("sepal width (cm)"),
            mark("petal length (cm)"),
            mark("petal width (cm)"),
        ),
        short_labels=(
            mark("sepal length cm"),
            mark("sepal width cm"),
            mark("petal length cm"),
            mark("petal width cm"),
        ),
        label="Iris",
        explanation="150 flowers of three species of iris, told apart by the size of sepals and petals in cm.",
        formula=r"x \in \mathbb{R}^4,\quad y \in \{0, 1, 2\}",
        source="Fisher 1936, The Use of Multiple Measurements in Taxonomic Problems",
    ),
    measured_dataset(
        "wine",
        178,
        (
            *("alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids"),
            *(
                "nonflavanoid_phenols",
                "proanthocyanins",
                "color_intensity",
                "hue",
                "od280_od315_of_diluted_wines",
                "proline",
            ),
        ),
        (mark("cultivar 1"), mark("cultivar 2"), mark("cultivar 3")),
        target=mark("cultivar"),
        short_labels=(
            mark("alcohol"),
            mark("malic acid"),
            mark("ash"),
            mark("alcalinity of ash"),
            mark("magnesium"),
            mark("total phenols"),
            mark("flavanoids"),
            mark("nonflavanoid phenols"),
            mark("proanthocyanins"),
            mark("color intensity"),
            mark("hue"),
            mark("od280 od315 of diluted wines"),
            mark("proline"),
        ),
        label="Wine",
        explanation="178 wines from three cultivars of one region in Italy, told apart by a chemical analysis.",
        formula=r"x \in \mathbb{R}^{13},\quad y \in \{0, 1, 2\}",
        source="Forina et al. 1991, PARVUS; Aeberhard, Coomans & de Vel 1994, Pattern Recognition 27(8)",
    ),
    measured_dataset(
        "breast_cancer",
        569,
        tuple(f"{kind}_{measure}" for kind in CELL_STATISTICS for measure in CELL_MEASURES),
        (mark("malignant"), mark("benign")),
        target=mark("diagnosis"),
        column_labels=tuple(
            mark(statistic, measure=measure)
            for statistic in CELL_STATISTICS.values()
            for measure in CELL_MEASURES.values()
        ),
        short_labels=tuple(
            mark(statistic, measure=measure)
            for statistic in SHORT_STATISTICS.values()
            for measure in CELL_MEASURES.values()
        ),
        label="Breast cancer (a medical diagnosis)",
        explanation="569 tumours, malignant or benign, told apart by the shape of their cell nuclei; "
        "a medical diagnosis: to learn from, not to diagnose with.",
        formula=r"x \in \mathbb{R}^{30},\quad y \in \{0, 1\}",
        source="Street, Wolberg & Mangasarian 1993, Nuclear Feature Extraction for Breast Tumor Diagnosis",
    ),
    measured_dataset(
        "diabetes",
        442,
        (
            *("age", "sex", "body_mass_index", "blood_pressure", "total_cholesterol"),
            *("ldl", "hdl", "cholesterol_ratio", "log_triglycerides", "glucose"),
        ),
        (),
        target=mark("disease progression"),
        column_labels=(
            mark("age in years"),
            mark("sex, coded as 1 and 2"),
            mark("body mass index"),
            mark("average blood pressure"),
            mark("total cholesterol"),
            mark("low-density lipoproteins (LDL)"),
            mark("high-density lipoproteins (HDL)"),
            mark("total cholesterol over HDL"),
            mark("logarithm of the triglycerides"),
            mark("blood sugar (glucose)"),
        ),
        short_labels=(
            mark("age"),
            mark("sex"),
            mark("body mass index"),
            mark("blood pressure"),
            mark("total cholesterol"),
            mark("ldl"),
            mark("hdl"),
            mark("cholesterol ratio"),
            mark("log triglycerides"),
            mark("glucose"),
        ),
        label="Diabetes",
        explanation="442 patients: how far the disease went in a year (25 to 346), from age, body and blood values.",
        formula=r"x \in \mathbb{R}^{10},\quad y \in [25, 346]",
        source="Efron, Hastie, Johnstone & Tibshirani 2004, Least Angle Regression",
    ),
)
