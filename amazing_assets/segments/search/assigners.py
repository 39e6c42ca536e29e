"""Could a simpler rule place customers as the model does? Nearest neighbours, SVM, a tree."""

import numpy as np
import polars as pl
from sklearn.base import ClassifierMixin
from sklearn.metrics import adjusted_rand_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier

from amazing_assets.models.arrays import Labels, Matrix
from amazing_assets.models.tables import unversioned
from amazing_assets.segments.search.contract import SegmentAssigners
from amazing_assets.segments.search.evaluation import LEAST_LEAF

# Customers on either side: enough to tell .96 from .97, and an SVM in seconds.
ROWS = 5_000


def assigner_table(matrix: Matrix, labels: Labels, seed: int) -> pl.DataFrame:
    """Return the `SegmentAssigners`: each learns the labels of some customers, is asked others."""
    order = np.random.default_rng(seed).permutation(len(labels))[: 2 * ROWS]
    known, held_out = order[: len(order) // 2], order[len(order) // 2 :]
    rows = []
    for name, assigner in assigners(seed).items():
        answers = assigner.fit(matrix[known], labels[known]).predict(matrix[held_out])
        agreement = float((answers == labels[held_out]).mean())
        index = float(adjusted_rand_score(labels[held_out], answers))
        rows.append((name, agreement, index, len(held_out)))
    return pl.DataFrame(rows, schema=unversioned(SegmentAssigners), orient="row")


def assigners(seed: int) -> dict[str, ClassifierMixin]:
    """Return the rules that are compared."""
    return {
        "nearest neighbours": KNeighborsClassifier(15),
        "support vector machine": SVC(random_state=seed),
        "decision tree": DecisionTreeClassifier(min_samples_leaf=LEAST_LEAF, random_state=seed),
    }
