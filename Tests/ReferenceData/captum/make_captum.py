"""Writes captum.json: gradients of small nets by Captum, in double precision.

Run with: pip install torch captum; python make_captum.py
Weights, rows and baselines are stored beside the answers, so that nothing needs to be drawn again.
"""

import json
from pathlib import Path

import captum
import torch
from captum.attr import IntegratedGradients, LayerConductance, Saliency

torch.set_default_dtype(torch.float64)
ACTIVATIONS = {
    "relu": torch.nn.ReLU,
    "leaky-relu": lambda: torch.nn.LeakyReLU(0.01),
    "tanh": torch.nn.Tanh,
    "sigmoid": torch.nn.Sigmoid,
    "gelu": lambda: torch.nn.GELU(approximate="tanh"),
}


def net(activation, seed):
    torch.manual_seed(seed)
    modules, width = [], 5
    for units in (8, 6):
        modules += [torch.nn.Linear(width, units), ACTIVATIONS[activation]()]
        width = units
    model = torch.nn.Sequential(*modules, torch.nn.Linear(width, 1))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.copy_(torch.randn_like(parameter) * 0.8)
    return model


def case(activation, seed):
    model = net(activation, seed)
    rows = torch.randn(4, 5)
    baseline = torch.randn(1, 5) * 0.3
    # Many steps: kinks make the error of quadrature fall with the number of nodes only.
    steps = 2000 if activation in ("relu", "leaky-relu") else 100
    integrated = IntegratedGradients(model).attribute(
        rows, baseline, n_steps=steps, method="gausslegendre")
    saliency = Saliency(model).attribute(rows.clone().requires_grad_(), abs=False)
    conductance = {
        str(layer + 1): LayerConductance(model, model[2 * layer + 1]).attribute(
            rows, baseline, n_steps=5000, method="riemann_middle").tolist()
        for layer in range(2)}
    layers = [m for m in model if isinstance(m, torch.nn.Linear)]
    return {
        "activation": activation,
        "weights": [layer.weight.detach().flatten().tolist() for layer in layers],
        "biases": [layer.bias.detach().tolist() for layer in layers],
        "rows": rows.tolist(),
        "baseline": baseline[0].tolist(),
        "values": model(rows).detach()[:, 0].tolist(),
        "integrated": integrated.detach().tolist(),
        "saliency": saliency.detach().tolist(),
        "conductance": conductance,
    }


if __name__ == "__main__":
    found = {
        "captum": captum.__version__,
        "torch": torch.__version__,
        "cases": [case(name, 10 + seed) for seed, name in enumerate(ACTIVATIONS)],
    }
    Path(__file__).with_name("captum.json").write_text(json.dumps(found))
