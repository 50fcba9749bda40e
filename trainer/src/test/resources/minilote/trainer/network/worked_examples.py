"""The values of WorkedExamplesTest: two small networks by the formulas, one number at a time.

Plain Python without any library but math; every derivative is also taken as a central difference
of the loss in 50-digit decimals, and the two must agree to 15 digits before anything is printed.
Run: python3 worked_examples.py
"""

from decimal import Decimal as D, getcontext

getcontext().prec = 50


def sigmoid(z):
    return 1 / (1 + (-z).exp())


def tanh(z):
    return 1 - 2 / ((2 * z).exp() + 1)


def decimals(rows):
    return [[D(v) for v in row.split()] for row in rows]


def product(a, b):
    return [[sum(a[i][k] * b[k][j] for k in range(len(b))) for j in range(len(b[0]))] for i in range(len(a))]


def transposed(a):
    return [list(column) for column in zip(*a)]


def each(f, *matrices):
    return [[f(*values) for values in zip(*rows)] for rows in zip(*matrices)]


def with_bias(a, bias):
    return [[v + b for v, b in zip(row, bias[0])] for row in a]


def column_sums(a):
    return [[sum(column) for column in zip(*a)]]


def check(loss, parameter, gradient):
    h = D("1e-12")
    for i, row in enumerate(parameter):
        for j, value in enumerate(row):
            row[j] = value + h
            above = loss()
            row[j] = value - h
            below = loss()
            row[j] = value
            quotient = (above - below) / (2 * h)
            assert abs(quotient - gradient[i][j]) < D("1e-15"), (quotient, gradient[i][j])


def show(name, a):
    print(f"{name:8s}", ", ".join(f"{v:.12f}" for row in a for v in row))


def regression():
    """One hidden layer of 3 sigmoid units, one linear output, no bias, E = ½ Σ (y − ŷ)²."""
    x = decimals(["0.3 1", "0.5 0.2", "1 0.4"])
    y = decimals(["0.75", "0.82", "0.93"])
    w1 = decimals(["0.1 -0.4 0.7", "0.5 0.3 -0.2"])
    w2 = decimals(["0.6", "-0.1", "0.8"])

    def loss():
        output = product(each(sigmoid, product(x, w1)), w2)
        return sum((t - o) ** 2 for (t,), (o,) in zip(y, output)) / 2

    z2 = product(x, w1)
    a2 = each(sigmoid, z2)
    z3 = product(a2, w2)
    delta3 = each(lambda t, o: -(t - o), y, z3)
    gradient2 = product(transposed(a2), delta3)
    delta2 = each(lambda d, z: d * sigmoid(z) * (1 - sigmoid(z)), product(delta3, transposed(w2)), z2)
    gradient1 = product(transposed(x), delta2)
    check(loss, w1, gradient1)
    check(loss, w2, gradient2)
    print("regression")
    for name, value in [("z2", z2), ("a2", a2), ("z3", z3), ("delta3", delta3), ("dW2", gradient2),
                        ("delta2", delta2), ("dW1", gradient1), ("E", [[loss()]])]:
        show(name, value)


def classification():
    """tanh, sigmoid, sigmoid output, biases, mean binary cross-entropy over N = 2 rows."""
    x = decimals(["0.5 -1.2", "1.5 0.3"])
    y = decimals(["1", "0"])
    n = len(x)
    w1 = decimals(["0.2 -0.5 0.9", "0.4 0.1 -0.3"])
    b1 = decimals(["0.1 0.2 -0.1"])
    w2 = decimals(["0.3 -0.8", "-0.6 0.5", "0.7 0.2"])
    b2 = decimals(["-0.2 0.05"])
    u = decimals(["1.1", "-0.7"])
    c = decimals(["0.15"])

    def forward():
        u1 = with_bias(product(x, w1), b1)
        h1 = each(tanh, u1)
        u2 = with_bias(product(h1, w2), b2)
        h2 = each(sigmoid, u2)
        u3 = with_bias(product(h2, u), c)
        return u1, h1, u2, h2, u3, each(sigmoid, u3)

    def loss():
        output = forward()[-1]
        return -sum(t * o.ln() + (1 - t) * (1 - o).ln() for (t,), (o,) in zip(y, output)) / n

    u1, h1, u2, h2, u3, output = forward()
    du3 = each(lambda o, t: (o - t) / n, output, y)
    du = product(transposed(h2), du3)
    dc = column_sums(du3)
    dh2 = product(du3, transposed(u))
    du2 = each(lambda d, h: d * h * (1 - h), dh2, h2)
    dw2 = product(transposed(h1), du2)
    db2 = column_sums(du2)
    dh1 = product(du2, transposed(w2))
    du1 = each(lambda d, h: d * (1 - h * h), dh1, h1)
    dw1 = product(transposed(x), du1)
    db1 = column_sums(du1)
    for parameter, gradient in [(w1, dw1), (b1, db1), (w2, dw2), (b2, db2), (u, du), (c, dc)]:
        check(loss, parameter, gradient)
    print("classification")
    for name, value in [("u1", u1), ("h1", h1), ("u2", u2), ("h2", h2), ("u3", u3), ("output", output),
                        ("dL/du3", du3), ("dL/dU", du), ("dL/dc", dc), ("dL/du2", du2), ("dL/dW2", dw2),
                        ("dL/db2", db2), ("dL/du1", du1), ("dL/dW1", dw1), ("dL/db1", db1), ("L", [[loss()]])]:
        show(name, value)


regression()
classification()
