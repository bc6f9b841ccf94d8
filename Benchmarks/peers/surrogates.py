"""Rows `surrogates-forest` and `surrogates-net`: linear surrogates of a thousand applicants."""

from .protocol import Result, Stopwatch, main, version_of

APPLICANTS, SAMPLES, FEATURES = 1_000, 5_000, 10


def forest(job, matrix):
    from sklearn.ensemble import RandomForestClassifier

    model = RandomForestClassifier(
        n_estimators=200, max_depth=12, min_samples_leaf=5, max_features="sqrt",
        n_jobs=job.threads, random_state=job.seed).fit(matrix, job.labels())
    return model.predict_proba


def net(job, matrix):
    """A net on standardised numbers and one-hot levels; encoding is part of its prediction."""
    import numpy as np
    import torch

    torch.set_num_threads(job.threads)
    torch.manual_seed(job.seed)
    first = len(job.shape["numeric"])
    mean, spread = matrix[:, :first].mean(axis=0), matrix[:, :first].std(axis=0) + 1e-12
    eyes = [np.eye(int(column.max()) + 1, dtype=np.float32) for column in matrix[:, first:].T]

    def encode(rows):
        return torch.from_numpy(np.hstack(
            [((rows[:, :first] - mean) / spread).astype(np.float32)]
            + [eye[rows[:, first + k].astype(int)] for k, eye in enumerate(eyes)]))

    rows = encode(matrix)
    labels = torch.from_numpy(job.labels().astype("float32")).unsqueeze(1)
    layers = torch.nn.Sequential(
        torch.nn.Linear(rows.shape[1], 128), torch.nn.ReLU(), torch.nn.Linear(128, 64),
        torch.nn.ReLU(), torch.nn.Linear(64, 1))
    optimiser = torch.optim.Adam(layers.parameters(), lr=1e-3, fused=True)
    loss_of = torch.nn.functional.binary_cross_entropy_with_logits
    for _ in range(10):
        for batch in torch.randperm(len(rows)).split(256):
            loss_of(layers(rows[batch]), labels[batch]).backward()
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)

    def predict(many):
        with torch.inference_mode():
            bad = torch.sigmoid(layers(encode(many)))[:, 0].numpy().astype(float)
        return np.column_stack([1 - bad, bad])

    return predict


def lime(job):
    import numpy as np
    from lime.lime_tabular import LimeTabularExplainer

    matrix = job.trees(impute=True).astype(np.float64)
    test = job.trees("-test", impute=True).astype(np.float64)[:APPLICANTS]
    first = len(job.shape["numeric"])
    predict = (forest if job.row.endswith("forest") else net)(job, matrix)
    explainer = LimeTabularExplainer(
        matrix, categorical_features=list(range(first, matrix.shape[1])),
        discretize_continuous=True, random_state=job.seed)
    explainer.explain_instance(test[0], predict, num_features=FEATURES, num_samples=SAMPLES)
    scores = []
    with Stopwatch() as watch:
        for row in test:
            scores.append(
                explainer.explain_instance(
                    row, predict, num_features=FEATURES, num_samples=SAMPLES).score)
    return Result(
        watch.seconds, f"{SAMPLES} samples, {FEATURES} features, quartiles, own draws each",
        version_of("lime"), quality={"r_squared": float(np.mean(scores))})


TOOLS = {"lime": lime}

if __name__ == "__main__":
    main(TOOLS)
