"""Reference values for the update rules: python3 optimizers.py > optimizers.json

Written from the papers' formulas with PyTorch's conventions, one parameter at a time, in double
precision: nothing here is shared with the program. Parameters 1 and 2 of 5 decay unless decay_all.
"""

import json
import math

WEIGHTS = [0.5, -1.25, 2.0, 0.0, -0.03125]
DECAYING = [1, 2]
RATES = [0.125, 0.125, 0.0625, 0.0625, 0.03125, 0.25]
GRADIENTS = [
    [math.floor(1024 * math.sin(1 + 3 * i + 7 * t * (i + 1))) / 1024 for i in range(5)]
    for t in range(len(RATES))
]


def steps(rule, momentum=0.0, beta1=0.0, beta2=0.0, epsilon=0.0, decay=0.0, decoupled=False,
          decay_all=False):
    w = list(WEIGHTS)
    velocity = [0.0] * 5
    m = [0.0] * 5
    v = [0.0] * 5
    trace = []
    for t, (rate, gradient) in enumerate(zip(RATES, GRADIENTS), start=1):
        for i in range(5):
            g = gradient[i]
            if decay_all or i in DECAYING:
                if decoupled:
                    w[i] = w[i] * (1 - rate * decay)
                else:
                    g = g + decay * w[i]
            if rule == "sgd":
                w[i] -= rate * g
            elif rule in ("momentum", "nesterov"):
                # PyTorch: the buffer begins as the first gradient.
                velocity[i] = g if t == 1 else momentum * velocity[i] + g
                w[i] -= rate * (g + momentum * velocity[i] if rule == "nesterov" else velocity[i])
            else:
                m[i] = beta1 * m[i] + (1 - beta1) * g
                v[i] = beta2 * v[i] + (1 - beta2) * g * g
                m_hat = m[i] / (1 - beta1 ** t)
                v_hat = v[i] / (1 - beta2 ** t)
                w[i] -= rate * m_hat / (math.sqrt(v_hat) + epsilon)
        trace.append(list(w))
    return {
        "rule": rule, "momentum": momentum, "beta1": beta1, "beta2": beta2, "epsilon": epsilon,
        "weight_decay": decay, "decoupled": decoupled, "decay_all": decay_all, "trace": trace,
    }


adam = dict(beta1=0.9, beta2=0.999, epsilon=1e-8)
cases = [
    steps("sgd"),
    steps("sgd", decay=0.5),
    steps("sgd", decay=0.5, decay_all=True),
    steps("sgd", decay=0.5, decoupled=True),
    steps("momentum", momentum=0.9),
    steps("momentum", momentum=0.5, decay=0.125),
    steps("momentum", momentum=0.5, decay=0.125, decoupled=True),
    steps("nesterov", momentum=0.9),
    steps("nesterov", momentum=0.75, decay=0.125),
    steps("adam", **adam),
    steps("adam", **adam, decay=0.25),
    steps("adam", beta1=0.0, beta2=0.5, epsilon=0.5, decay=0.25, decay_all=True),
    steps("adamw", **adam, decoupled=True, decay=0.25),
    steps("adamw", **adam, decoupled=True, decay=0.25, decay_all=True),
]
print(json.dumps({"weights": WEIGHTS, "rates": RATES, "gradients": GRADIENTS, "cases": cases},
                 indent=1))
