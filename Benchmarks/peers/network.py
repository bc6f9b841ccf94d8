"""Rows `net-s` and `net-m`: 128-64-1, ReLU, Adam 1e-3, batches of 256, seconds an epoch."""

import statistics
import time

from .protocol import Result, main, version_of

BATCH = 256


def result(seconds, losses, settings, version, scores):
    return Result(
        statistics.median(seconds), settings, version, output=scores,
        quality={"losses": losses, "epoch_seconds": seconds})


def torch(threads, compiled):
    def run(job):
        import torch

        torch.set_num_threads(threads)
        torch.manual_seed(job.seed)
        torch.set_flush_denormal(True)
        rows = torch.from_numpy(job.dense(dtype="float32"))
        labels = torch.from_numpy(job.labels().astype("float32")).unsqueeze(1)
        net = torch.nn.Sequential(
            torch.nn.Linear(rows.shape[1], 128), torch.nn.ReLU(), torch.nn.Linear(128, 64),
            torch.nn.ReLU(), torch.nn.Linear(64, 1))
        loss_of = torch.nn.functional.binary_cross_entropy_with_logits
        optimiser = torch.optim.Adam(net.parameters(), lr=1e-3, fused=True)

        forward = torch.compile(net) if compiled else net

        def step(x, y):
            loss = loss_of(forward(x), y)
            loss.backward()
            return loss

        if compiled:
            # Compilation is not timed: both batch sizes run once, without a step.
            last = len(rows) % BATCH
            for size in {BATCH, last} - {0}:
                step(rows[:size], labels[:size])
                optimiser.zero_grad(set_to_none=True)
        seconds, losses = [], []
        for _ in range(job.shape["epochs"]):
            began = time.perf_counter()
            order = torch.randperm(len(rows))
            parts, sizes = [], []
            for batch in order.split(BATCH):
                x, y = rows.index_select(0, batch), labels.index_select(0, batch)
                optimiser.zero_grad(set_to_none=True)
                parts.append(step(x, y).detach())
                sizes.append(len(batch))
                optimiser.step()
            losses.append(
                float(torch.stack(parts).double() @ torch.tensor(sizes).double()) / len(rows))
            seconds.append(time.perf_counter() - began)
        with torch.no_grad():
            scores = net(torch.from_numpy(job.dense("-test", dtype="float32")))[:, 0].numpy()
        mode = "compiled" if compiled else "eager"
        return result(
            seconds, losses, f"{mode}, fused Adam, {threads} thread{'s' * (threads > 1)}",
            version_of("torch"), scores)

    return run


def sklearn(threads):
    def run(job):
        import numpy as np
        from sklearn.neural_network import MLPClassifier
        from threadpoolctl import threadpool_limits

        rows, labels = job.dense(dtype="float32"), job.labels()
        net = MLPClassifier(
            (128, 64), solver="adam", alpha=0, batch_size=BATCH, learning_rate_init=1e-3,
            random_state=job.seed)
        seconds, losses = [], []
        with threadpool_limits(threads):
            for _ in range(job.shape["epochs"]):
                began = time.perf_counter()
                net.partial_fit(rows, labels, classes=np.array([0, 1], np.uint8))
                seconds.append(time.perf_counter() - began)
                losses.append(float(net.loss_))
        scores = net.predict_proba(job.dense("-test", dtype="float32"))[:, 1]
        return result(
            seconds, losses, f"MLPClassifier.partial_fit, float32, {threads} BLAS threads",
            version_of("scikit-learn"), scores)

    return run


TOOLS = {
    "torch-1": torch(1, compiled=False),
    "torch-2": torch(2, compiled=False),
    "torch-compile-1": torch(1, compiled=True),
    "torch-compile-2": torch(2, compiled=True),
    "scikit-learn-1": sklearn(1),
    "scikit-learn-2": sklearn(2),
}

if __name__ == "__main__":
    main(TOOLS)
