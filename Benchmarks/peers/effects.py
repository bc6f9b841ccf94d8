"""Row `partial-dependence`: mean and single curves of 20 features on a forest of depth 12."""

from .protocol import Result, Stopwatch, main, version_of

FEATURES, POINTS, ROWS = 20, 50, 10_000


def scikit_learn(job):
    import numpy as np
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.inspection import partial_dependence

    matrix, labels = job.trees(impute=True), job.labels()
    model = RandomForestClassifier(
        n_estimators=200, max_depth=12, min_samples_leaf=5, max_features="sqrt",
        n_jobs=job.threads, random_state=job.seed).fit(matrix, labels)
    test = job.trees("-test", impute=True)
    rows = np.ascontiguousarray(test[:ROWS])
    names = range(min(FEATURES, rows.shape[1]))
    points = 0
    with Stopwatch() as watch:
        for feature in names:
            found = partial_dependence(
                model, rows, [feature], method="brute", kind="both", grid_resolution=POINTS,
                percentiles=(0, 1), response_method="predict_proba")
            points += found["average"].shape[1]
    return Result(
        watch.seconds,
        f"method brute, kind both, {len(names)} features, {len(rows)} rows, float32, n_jobs={job.threads}",
        version_of("scikit-learn"), output=model.predict_proba(test)[:, 1],
        quality={"points": float(points)})


TOOLS = {"scikit-learn": scikit_learn}

if __name__ == "__main__":
    main(TOOLS)
