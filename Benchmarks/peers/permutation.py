"""Row `permutation-importance`: 200 trees of depth 12 on S, all test rows, five repeats a feature."""

from .protocol import Result, Stopwatch, main, version_of

REPEATS = 5


def tool(forest_threads, column_jobs):
    def run(job):
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.inspection import permutation_importance

        matrix, labels = job.trees(impute=True), job.labels()
        test, truth = job.trees("-test", impute=True), job.labels("-test")
        model = RandomForestClassifier(
            n_estimators=200, max_depth=12, min_samples_leaf=5, max_features="sqrt",
            n_jobs=job.threads, random_state=job.seed).fit(matrix, labels)
        model.n_jobs = job.threads if forest_threads else 1
        model.predict_proba(test[:100])
        with Stopwatch() as watch:
            found = permutation_importance(
                model, test, truth, scoring="roc_auc", n_repeats=REPEATS, random_state=job.seed,
                n_jobs=job.threads if column_jobs else 1)
        names = job.shape["numeric"] + job.shape["categorical"]
        largest = found.importances_mean.argmax()
        return Result(
            watch.seconds,
            f"float32, missing cells imputed; most important: {names[largest]}",
            version_of("scikit-learn"), output=model.predict_proba(test)[:, 1],
            quality={"largest": float(found.importances_mean[largest])})

    return run


TOOLS = {
    "scikit-learn-columns": tool(forest_threads=False, column_jobs=True),
    "scikit-learn-forest": tool(forest_threads=True, column_jobs=False),
}

if __name__ == "__main__":
    main(TOOLS)
