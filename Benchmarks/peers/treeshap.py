"""Rows `treeshap-…` and `decision-reasons`: Shapley values of a forest of 200 trees of depth 12."""

import math
import time

from .protocol import Result, Stopwatch, main, version_of

ROWS, SINGLES, BACKGROUND, REFERENCE = 1_000, 50, 100, 200


def forest(job):
    """scikit-learn's forest and the rows to explain; missing cells imputed."""
    from sklearn.ensemble import RandomForestClassifier

    matrix = job.trees(impute=True)
    model = RandomForestClassifier(
        200, max_depth=12, min_samples_leaf=5, max_features=int(math.sqrt(matrix.shape[1])),
        n_jobs=job.threads, random_state=job.seed).fit(matrix, job.labels())
    model.n_jobs = 1
    return model, job.trees("-test", impute=True)


def measured(job, rows, explain, settings, version, score=None):
    """Times `explain(rows)` on the rows that the row of the table asks for."""
    single = job.row in ("treeshap-path-one", "decision-reasons")
    if not single:
        with Stopwatch() as watch:
            values = explain(rows[:ROWS])
        return Result(watch.seconds, settings, version, output=values,
                      quality={"rows_per_second": ROWS / watch.seconds})
    explain(rows[:1])
    times = []
    for row in range(SINGLES):
        one = rows[row:row + 1]
        began = time.perf_counter()
        if score is not None:
            score(one)
        explain(one)
        times.append(time.perf_counter() - began)
    times.sort()
    return Result(
        times[len(times) // 2], settings, version,
        quality={"p50_ms": 1e3 * times[len(times) // 2], "p99_ms": 1e3 * times[-1]})


def game(job, rows):
    """The background of the row, or None for the path-dependent game."""
    if job.row == "treeshap-interventional":
        return rows[-BACKGROUND:]
    return None


def positive(values):
    import numpy as np

    values = np.asarray(values[1] if isinstance(values, list) else values)
    return values[..., 1] if values.ndim == 3 else values


def shap(job):
    import shap as package

    model, rows = forest(job)
    background = game(job, rows)
    explainer = (
        package.TreeExplainer(model) if background is None
        else package.TreeExplainer(
            model, data=background, feature_perturbation="interventional"))
    return measured(
        job, rows, lambda some: positive(explainer.shap_values(some, check_additivity=False)),
        "TreeExplainer, one thread", version_of("shap"), score=decision(job, model))


def decision(job, model):
    return model.predict_proba if job.row == "decision-reasons" else None


def fasttreeshap(job):
    import fasttreeshap as package

    model, rows = forest(job)
    explainer = package.TreeExplainer(model, algorithm="auto", n_jobs=job.threads)
    return measured(
        job, rows, lambda some: positive(explainer.shap_values(some, check_additivity=False)),
        "algorithm auto", version_of("fasttreeshap"), score=decision(job, model))


def shapiq(job):
    import numpy as np
    import shapiq as package

    model, rows = forest(job)
    explainer = package.TreeExplainer(
        model=model, index="SV", max_order=1, class_index=1)

    def explain(some):
        return np.array([explainer.explain(row).get_n_order_values(1) for row in some])

    return measured(
        job, rows, explain, "TreeExplainer, order 1, one thread", version_of("shapiq"),
        score=decision(job, model))


def woodelf(job):
    import pandas as pd
    from woodelf import WoodelfExplainer

    model, rows = forest(job)
    names = [f"x{c}" for c in range(rows.shape[1])]
    background = game(job, rows)
    explainer = WoodelfExplainer(
        model, None if background is None else pd.DataFrame(background, columns=names))
    return measured(
        job, rows,
        lambda some: positive(explainer.shap_values(pd.DataFrame(some, columns=names))),
        "WoodelfExplainer, one thread", version_of("woodelf-explainer"))


def lightgbm(job):
    import lightgbm as package

    matrix = job.trees()
    parameters = {
        "objective": "binary", "boosting": "rf", "bagging_fraction": 0.632, "bagging_freq": 1,
        "feature_fraction_bynode": int(math.sqrt(matrix.shape[1])) / matrix.shape[1],
        "min_data_in_leaf": 5, "min_sum_hessian_in_leaf": 0, "max_depth": 12,
        "num_leaves": 4096, "num_threads": job.threads, "seed": job.seed, "verbosity": -1}
    model = package.train(
        parameters, package.Dataset(matrix, job.labels(), params=parameters), 200)
    rows = job.trees("-test")
    return measured(
        job, rows, lambda some: model.predict(some, pred_contrib=True)[:, :-1],
        "pred_contrib on its own forest", version_of("lightgbm"))


def xgboost(job):
    import xgboost as package

    matrix = job.trees()
    model = package.XGBRFClassifier(
        n_estimators=200, max_depth=12, tree_method="hist", subsample=0.632,
        colsample_bynode=int(math.sqrt(matrix.shape[1])) / matrix.shape[1],
        min_child_weight=5 / 4, reg_lambda=1e-5, n_jobs=job.threads,
        random_state=job.seed).fit(matrix, job.labels())
    booster = model.get_booster()
    rows = job.trees("-test")
    return measured(
        job, rows,
        lambda some: booster.predict(package.DMatrix(some), pred_contribs=True)[:, :-1],
        "pred_contribs on its own forest", version_of("xgboost"))


TOOLS = {
    "shap": shap, "fasttreeshap": fasttreeshap, "shapiq": shapiq, "woodelf": woodelf,
    "lightgbm": lightgbm, "xgboost": xgboost,
}

if __name__ == "__main__":
    main(TOOLS)
