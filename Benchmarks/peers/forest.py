"""Rows `forest-s`, `forest-m` and `score-forest`: random forests."""

import math
import statistics
from dataclasses import dataclass

from .protocol import Result, Stopwatch, main, version_of


@dataclass
class Shape:
    """The forest that a row asks for."""

    trees: int
    depth: int | None
    leaf: int
    features: int
    columns: int

    @staticmethod
    def of(job):
        columns = len(job.shape["numeric"]) + len(job.shape["categorical"])
        trees, depth = (100, 12) if job.row == "forest-m" else (200, None)
        return Shape(trees, depth, 5, int(math.sqrt(columns)), columns)


def sklearn_forest(job, shape, threads=None):
    from sklearn.ensemble import RandomForestClassifier

    return RandomForestClassifier(
        n_estimators=shape.trees, max_depth=shape.depth, min_samples_leaf=shape.leaf,
        max_features=shape.features, n_jobs=threads or job.threads, random_state=job.seed)


def sklearnex_forest(job, shape):
    from sklearnex.ensemble import RandomForestClassifier

    return RandomForestClassifier(
        n_estimators=shape.trees, max_depth=shape.depth, min_samples_leaf=shape.leaf,
        max_features=shape.features, n_jobs=job.threads, random_state=job.seed)


def xgboost_forest(job, shape):
    from xgboost import XGBRFClassifier

    return XGBRFClassifier(
        n_estimators=shape.trees, max_depth=shape.depth or 0, tree_method="hist",
        subsample=0.632, colsample_bynode=shape.features / shape.columns,
        min_child_weight=shape.leaf / 4, reg_lambda=1e-5, n_jobs=job.threads,
        random_state=job.seed)


class LightGBMForest:
    """LightGBM's own interface, which takes parameters as they are."""

    def __init__(self, job, shape):
        self.trees, self.depth, self.leaf = shape.trees, shape.depth, shape.leaf
        self.parameters = {
            "objective": "binary", "boosting": "rf", "bagging_fraction": 0.632,
            "bagging_freq": 1, "feature_fraction_bynode": shape.features / shape.columns,
            "min_data_in_leaf": shape.leaf, "min_sum_hessian_in_leaf": 0,
            "max_depth": shape.depth or -1,
            "num_threads": job.threads, "seed": job.seed, "verbosity": -1}

    def fit(self, matrix, labels):
        import lightgbm

        # No tree can have more leaves than this; histograms are set aside for every leaf allowed.
        most = math.ceil(0.632 * len(matrix) / self.leaf)
        self.parameters["num_leaves"] = min(2**self.depth, most) if self.depth else most
        data = lightgbm.Dataset(matrix, labels, params=self.parameters)
        self.booster = lightgbm.train(self.parameters, data, num_boost_round=self.trees)

    def predict_proba(self, matrix):
        import numpy as np

        return np.column_stack([np.zeros(len(matrix)), self.booster.predict(matrix)])


FAMILIES = {
    "scikit-learn": (sklearn_forest, False, ["scikit-learn"], "float32, n_jobs=2"),
    "sklearnex": (
        sklearnex_forest, True, ["scikit-learn-intelex"], "float32, 256 bins, missing cells imputed"),
    "xgboost": (
        xgboost_forest, False, ["xgboost"],
        "XGBRFClassifier hist, subsample 0.632, min_child_weight leaf/4, reg_lambda 1e-5"),
    "lightgbm": (
        LightGBMForest, False, ["lightgbm"],
        "boosting=rf, bagging 0.632, num_leaves as depth and leaf allow"),
}


def fitted(name, job):
    make, impute, packages, settings = FAMILIES[name]
    matrix, labels = job.trees(impute=impute), job.labels()
    model = make(job, Shape.of(job))
    with Stopwatch() as watch:
        model.fit(matrix, labels)
    return model, watch.seconds, impute, version_of(*packages), settings


def test_rows(job, impute):
    return job.trees("-test", impute=impute)


def score(job, rows, predict):
    """One warm pass over the test rows, then the median of three over all rows."""
    import numpy as np

    wanted = job.shape["score_rows"]
    many = np.ascontiguousarray(np.resize(rows, (wanted, rows.shape[1])))
    warm = predict(rows)
    passes = []
    for _ in range(3):
        with Stopwatch() as watch:
            predict(many)
        passes.append(watch.seconds)
    seconds = statistics.median(passes)
    return seconds, warm, {"rows_per_second": wanted / seconds}


def tool(name):
    def run(job):
        model, seconds, impute, version, settings = fitted(name, job)
        rows = test_rows(job, impute)
        if job.row != "score-forest":
            return Result(seconds, settings, version, output=model.predict_proba(rows)[:, 1])
        predict = model.predict_proba
        if name == "xgboost":
            import numpy as np

            booster = model.get_booster()
            booster.set_param({"nthread": job.threads})

            def predict(matrix):
                chance = booster.inplace_predict(matrix)
                return np.column_stack([1 - chance, chance])

            settings = "Booster.inplace_predict, float32"
        seconds, scores, quality = score(job, rows, predict)
        return Result(seconds, settings, version, output=scores[:, 1], quality=quality)

    return run


def onnx_runtime(job):
    """scikit-learn's forest in ONNX Runtime; training and conversion are not timed."""
    import numpy as np
    import onnxruntime
    from skl2onnx import convert_sklearn
    from skl2onnx.common.data_types import FloatTensorType

    shape = Shape.of(job)
    model = sklearn_forest(job, shape).fit(job.trees(impute=True), job.labels())
    rows = test_rows(job, impute=True)
    graph = convert_sklearn(
        model, initial_types=[("rows", FloatTensorType([None, rows.shape[1]]))],
        options={id(model): {"zipmap": False}})
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = job.threads
    session = onnxruntime.InferenceSession(
        graph.SerializeToString(), options, providers=["CPUExecutionProvider"])
    name = session.get_outputs()[1].name
    seconds, scores, quality = score(
        job, rows, lambda matrix: session.run([name], {"rows": matrix})[0])
    return Result(
        seconds, "scikit-learn's forest through skl2onnx, missing cells imputed",
        version_of("onnxruntime", "skl2onnx"), output=np.asarray(scores)[:, 1], quality=quality)


TOOLS = {name: tool(name) for name in FAMILIES} | {"onnxruntime": onnx_runtime}

if __name__ == "__main__":
    main(TOOLS)
