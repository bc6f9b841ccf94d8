"""Rows `shapley-black-box` and `shapley-forest-agnostic`: Shapley values of one applicant from scores.

Every tool draws at random: ten seeds each, the median time, and the largest standard deviation over the
features. `seconds` is the time brought to a standard error of 1% of the sum of absolute values.
"""

import statistics
import time

from .protocol import Result, main, version_of

BACKGROUND, SEEDS, TARGET = 100, 10, 0.01


def network(job):
    """The net of `net-s` on encoded columns, and which columns are one feature."""
    import numpy as np
    import torch

    torch.set_num_threads(job.threads)
    torch.manual_seed(job.seed)
    rows = torch.from_numpy(job.dense(dtype="float32"))
    labels = torch.from_numpy(job.labels().astype("float32")).unsqueeze(1)
    net = torch.nn.Sequential(
        torch.nn.Linear(rows.shape[1], 128), torch.nn.ReLU(), torch.nn.Linear(128, 64),
        torch.nn.ReLU(), torch.nn.Linear(64, 1))
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-3)
    for _ in range(job.shape["epochs"]):
        for batch in torch.randperm(len(rows)).split(256):
            optimiser.zero_grad(set_to_none=True)
            torch.nn.functional.binary_cross_entropy_with_logits(
                net(rows[batch]), labels[batch]).backward()
            optimiser.step()

    def score(matrix):
        with torch.inference_mode():
            part = torch.from_numpy(np.ascontiguousarray(matrix, dtype=np.float32))
            return net(part)[:, 0].double().numpy()

    layout = job.layout
    first = len(layout["numeric"])
    groups = [[c] for c in range(first)]
    ends = [c["first"] for c in layout["categorical"][1:]] + [layout["width"]]
    groups += [
        list(range(c["first"], end)) for c, end in zip(layout["categorical"], ends)]
    return score, job.dense()[:BACKGROUND], job.dense("-test")[:1], groups


def forest(job):
    from sklearn.ensemble import RandomForestClassifier

    rows = job.trees(impute=True)
    model = RandomForestClassifier(
        n_estimators=200, max_depth=12, min_samples_leaf=5, max_features="sqrt",
        n_jobs=job.threads, random_state=job.seed).fit(rows, job.labels())
    groups = [[c] for c in range(rows.shape[1])]
    return (
        lambda matrix: model.predict_proba(matrix)[:, 1], rows[:BACKGROUND],
        job.trees("-test", impute=True)[:1], groups)


def work(job):
    return forest(job) if job.row == "shapley-forest-agnostic" else network(job)


def counted(score):
    made = [0]

    def call(matrix):
        made[0] += len(matrix)
        return score(matrix)

    return call, made


def repeat(explain, made):
    """One run to warm up, then one for each seed."""
    import numpy as np

    times, values, evaluations = [], [], []
    for seed in range(SEEDS + 1):
        np.random.seed(seed)
        made[0] = 0
        began = time.perf_counter()
        found = explain(seed)
        if seed:
            times.append(time.perf_counter() - began)
            values.append(np.asarray(found).reshape(-1))
            evaluations.append(made[0])
    values = np.array(values)
    means = values.mean(axis=0)
    error = values.std(axis=0, ddof=1).max() / np.abs(means).sum()
    plain = statistics.median(times)
    return plain * (error / TARGET) ** 2, means, {
        "plain_seconds": plain, "relative_error": float(error),
        "evaluations": statistics.median(evaluations)}


def kernel(job):
    import shap
    from shap.utils._legacy import DenseData

    score, background, applicant, groups = work(job)
    call, made = counted(score)
    data = DenseData(background, [str(g) for g in range(len(groups))], groups)
    explainer = shap.KernelExplainer(call, data)
    seconds, means, quality = repeat(
        lambda seed: explainer.shap_values(applicant, l1_reg=0, silent=True), made)
    return Result(
        seconds, "KernelExplainer, nsamples auto, l1_reg 0", version_of("shap"), output=means,
        quality=quality)


def permutation(job):
    """Its masker has no groups: columns go in by feature and are spread before scoring."""
    import numpy as np
    import shap

    score, background, applicant, groups = work(job)
    call, made = counted(score)
    # A feature is the number of a row: the background's, or the last one, the applicant's.
    rows = np.vstack([background, applicant])
    numbers = np.repeat(np.arange(len(rows))[:, None], len(groups), axis=1)

    def spread(matrix):
        chosen = matrix.astype(int)
        whole = np.empty((len(matrix), rows.shape[1]))
        for position, columns in enumerate(groups):
            whole[:, columns] = rows[chosen[:, position]][:, columns]
        return call(whole)

    masker = shap.maskers.Independent(numbers[:-1], max_samples=BACKGROUND)

    def explain(seed):
        explainer = shap.PermutationExplainer(spread, masker, seed=seed)
        return explainer(numbers[-1:], max_evals=10 * (2 * len(groups) + 1), silent=True).values

    seconds, means, quality = repeat(explain, made)
    return Result(
        seconds, "PermutationExplainer, 10 pairs of orders", version_of("shap"), output=means,
        quality=quality)


TOOLS = {"kernel": kernel, "permutation": permutation}

if __name__ == "__main__":
    main(TOOLS)
