"""Rows `one-applicant…`: raw values of one applicant to a PD, warm, in process."""

import math
import time

from .protocol import Result, main, version_of

WARM, CALLS = 200, 2_000


def applicants(job):
    """The first test rows as dictionaries of raw values."""
    import polars as pl

    shape = job.shape
    types = {n: pl.Float64 for n in shape["numeric"]} | {n: pl.String for n in shape["categorical"]}
    table = pl.read_csv(job.work / "s" / "test.csv", schema_overrides=types, n_rows=CALLS)
    return table.select(shape["numeric"] + shape["categorical"]).to_dicts()


def pipeline(job, forest, for_onnx=False):
    """Encoder and model as scikit-learn's users join them, fitted on `s/train.csv`."""
    import numpy as np
    import pandas as pd
    from sklearn.compose import ColumnTransformer
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.impute import SimpleImputer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

    shape = job.shape
    types = {n: np.float64 for n in shape["numeric"]} | {n: str for n in shape["categorical"]}
    table = pd.read_csv(job.work / "s" / "train.csv", dtype=types)
    rows = table[shape["numeric"] + shape["categorical"]].copy()
    for name in shape["categorical"]:
        rows[name] = rows[name].astype(object).where(rows[name].notna(), "")
    labels = job.labels()
    impute = SimpleImputer(strategy="median")
    if forest:
        numbers = impute
        if for_onnx:
            texts = OrdinalEncoder()
        else:
            texts = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
        model = RandomForestClassifier(
            n_estimators=200, min_samples_leaf=5, max_features="sqrt", n_jobs=2,
            random_state=job.seed)
    else:
        numbers = make_pipeline(impute, StandardScaler())
        texts = OneHotEncoder(handle_unknown="ignore")
        model = LogisticRegression(C=1, max_iter=1_000)
    columns = ColumnTransformer(
        [("numbers", numbers, shape["numeric"]), ("texts", texts, shape["categorical"])])
    whole = make_pipeline(columns, model).fit(rows, labels)
    if forest:
        # One row is scored faster without handing trees to other threads.
        model.n_jobs = 1
    return whole


def time_calls(rows, call):
    scores = [call(row) for row in rows]
    for i in range(WARM):
        call(rows[i % len(rows)])
    nanoseconds = []
    for i in range(CALLS):
        row = rows[i % len(rows)]
        began = time.perf_counter_ns()
        call(row)
        nanoseconds.append(time.perf_counter_ns() - began)
    nanoseconds.sort()

    def quantile(share):
        return nanoseconds[min(math.ceil(share * CALLS) - 1, CALLS - 1)] / 1_000

    p50, p99 = quantile(0.5), quantile(0.99)
    return p50 * 1e-6, {"p50_us": p50, "p99_us": p99}, scores


def is_forest(job):
    return job.row == "one-applicant"


def scikit_learn(job):
    import pandas as pd

    whole = pipeline(job, is_forest(job))
    rows = [
        {name: ("" if value is None and name in job.shape["categorical"] else value)
         for name, value in row.items()} for row in applicants(job)]
    seconds, quality, scores = time_calls(
        rows, lambda row: float(whole.predict_proba(pd.DataFrame([row]))[0, 1]))
    return Result(
        seconds, "Pipeline of ColumnTransformer and model, one-row DataFrame, n_jobs=1",
        version_of("scikit-learn", "pandas"), output=scores, quality=quality)


def onnx_runtime(job):
    import numpy as np
    import onnxruntime
    from skl2onnx import convert_sklearn
    from skl2onnx.common.data_types import FloatTensorType, StringTensorType

    shape = job.shape
    whole = pipeline(job, is_forest(job), for_onnx=True)
    inputs = [(n, FloatTensorType([None, 1])) for n in shape["numeric"]]
    inputs += [(n, StringTensorType([None, 1])) for n in shape["categorical"]]
    graph = convert_sklearn(
        whole, initial_types=inputs, options={id(whole): {"zipmap": False}})
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        graph.SerializeToString(), options, providers=["CPUExecutionProvider"])
    name = session.get_outputs()[1].name
    numeric, categorical = shape["numeric"], shape["categorical"]

    def call(row):
        feed = {}
        for column in numeric:
            value = row[column]
            feed[column] = np.array(
                [[math.nan if value is None else value]], dtype=np.float32)
        for column in categorical:
            feed[column] = np.array([[row[column] or ""]], dtype=object)
        return float(session.run([name], feed)[0][0, 1])

    seconds, quality, scores = time_calls(applicants(job), call)
    return Result(
        seconds, "the same pipeline through skl2onnx, one thread",
        version_of("onnxruntime", "skl2onnx"), output=scores, quality=quality)


TOOLS = {"scikit-learn": scikit_learn, "onnxruntime": onnx_runtime}

if __name__ == "__main__":
    main(TOOLS)
