"""Rows `integrated-gradients` and `saliency`: Captum on the net 128-64-1, 10,000 applicants."""

import statistics

from .protocol import Result, Stopwatch, main, version_of

APPLICANTS, STEPS, EPOCHS, BATCH = 10_000, 50, 10, 256


def trained(job):
    """The net of `net-s`; training is not timed."""
    import torch

    torch.set_num_threads(job.threads)
    torch.manual_seed(job.seed)
    rows = torch.from_numpy(job.dense(dtype="float32"))
    labels = torch.from_numpy(job.labels().astype("float32")).unsqueeze(1)
    net = torch.nn.Sequential(
        torch.nn.Linear(rows.shape[1], 128), torch.nn.ReLU(), torch.nn.Linear(128, 64),
        torch.nn.ReLU(), torch.nn.Linear(64, 1))
    loss_of = torch.nn.functional.binary_cross_entropy_with_logits
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-3, fused=True)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(rows)).split(BATCH):
            optimiser.zero_grad(set_to_none=True)
            loss_of(net(rows[batch]), labels[batch]).backward()
            optimiser.step()
    test = torch.from_numpy(job.dense("-test", dtype="float32"))
    wanted = torch.arange(APPLICANTS) % len(test)
    return net.eval(), test[wanted], rows[:1000]


def middle(work):
    """One warm run, then the middle of three."""
    answer = work()
    seconds = []
    for _ in range(3):
        with Stopwatch() as watch:
            answer = work()
        seconds.append(watch.seconds)
    return statistics.median(seconds), answer


def integrated(internal_batch):
    def run(job):
        from captum.attr import IntegratedGradients

        net, rows, background = trained(job)
        baseline = background.mean(dim=0, keepdim=True)
        method = IntegratedGradients(net)
        seconds, found = middle(lambda: method.attribute(
            rows, baseline, n_steps=STEPS, method="gausslegendre",
            internal_batch_size=internal_batch))
        missing = net(rows)[:, 0] - net(baseline)[0, 0] - found.sum(dim=1)
        residual = (missing.abs().max() / net(background).std()).item()
        batch = f", internal batch {internal_batch}" if internal_batch else ""
        return Result(
            seconds, f"{STEPS} Gauss-Legendre steps, float32{batch}, {job.threads} threads",
            version_of("captum", "torch"), quality={"residual": residual})

    return run


def saliency(job):
    from captum.attr import Saliency

    net, rows, _ = trained(job)
    method = Saliency(net)
    seconds, _ = middle(
        lambda: method.attribute(rows.detach().requires_grad_(), abs=False))
    return Result(
        seconds, f"float32, {job.threads} threads", version_of("captum", "torch"),
        quality={"residual": 0})


def captum(job):
    return saliency(job) if job.row == "saliency" else integrated(None)(job)


TOOLS = {"captum": captum, "captum-batch": integrated(APPLICANTS)}

if __name__ == "__main__":
    main(TOOLS)
