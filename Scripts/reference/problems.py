#!/usr/bin/env python3
"""Writes Tests/TrialsTests/ProblemReferences.swift: start, loss and gradient of the problems, as bits.

Shares with Sources/Trials nothing but the formulas of golden/README.md. Plain Python on floats: sums go
from the first term to the last.
"""
import struct, sys


def u(i, j, s):
    place = (i + 1) * 7919 + (j + 1) * 104729 + (s + 1) * 15485863
    square = (place * place + 2**63) % 2**64 - 2**63  # 64 bits, as NumPy's integers
    return 2 * (square % 1000003) / 1000003 - 1


def quad(n=64, cond=1000.0, seed=0):
    def h(i):
        t = i / (n - 1)
        return 0.01 * (1 + (cond - 1) * ((t * t) * t))
    x = [1 + 0.5 * u(i, 0, seed) for i in range(n)]
    c = [0.5 * u(i, 1, seed) for i in range(n)]
    g = [h(i) * (x[i] - c[i]) for i in range(n)]
    total = 0.0
    for i in range(n):
        total += g[i] * (x[i] - c[i])
    return [x], 0.5 * total, [g]


def rosen(n=2, scale=1.0):
    x = [(-1.2 if i % 2 == 0 else 1.0) * scale for i in range(n)]
    g = [0.0] * n
    total = 0.0
    for i in range(n - 1):
        rise, rest = x[i + 1] - x[i] * x[i], 1 - x[i]
        total += 100 * rise * rise + rest * rest
        g[i] += -400 * x[i] * rise - 2 * rest
        g[i + 1] += 200 * rise
    return [x], total, [g]


def product(a, b):
    result = []
    for row in a:
        line = []
        for j in range(len(b[0])):
            total = 0.0
            for l in range(len(b)):
                total += row[l] * b[l][j]
            line.append(total)
        result.append(line)
    return result


def turned(a):
    return [list(column) for column in zip(*a)]


def flat(a):
    return [value for row in a for value in row]


def squares(a):
    total = 0.0
    for value in flat(a):
        total += value * value
    return total


def uniform(rows, columns, s, factor):
    return [[factor * u(i, j, s) for j in range(columns)] for i in range(rows)]


def less(a, b):
    return [[p - q for p, q in zip(r, t)] for r, t in zip(a, b)]


def lsq(m=24, k=16, n=12, seed=0):
    a, b = uniform(m, k, seed, 0.25), uniform(m, n, seed + 100, 1)
    w = uniform(k, n, seed + 200, 0.5)
    rest = less(product(a, w), b)
    return [flat(w)], 0.5 * squares(rest), [flat(product(turned(a), rest))]


def lora(out=12, inp=10, r=4, alpha=4.0, N=16, seed=0, up=None):
    s = alpha / r
    w0, x = uniform(out, inp, seed + 300, 0.5), uniform(inp, N, seed + 400, 1)
    y, a = uniform(out, N, seed + 500, 1), uniform(r, inp, seed + 600, 0.5)
    b = up or [[0.0] * r for _ in range(out)]
    w = [[p + s * q for p, q in zip(f, g)] for f, g in zip(w0, product(b, a))]
    e = less(product(w, x), y)
    d = [[value / N for value in row] for row in product(e, turned(x))]
    da = [s * value for value in flat(product(turned(b), d))]
    db = [s * value for value in flat(product(d, turned(a)))]
    return [flat(a), flat(b)], squares(e) / (2 * N), [da, db]


def bits(value):
    return grouped(struct.unpack(">Q", struct.pack(">d", value))[0])


def grouped(number):
    digits = "%016x" % number
    return "0x" + "_".join(digits[i:i + 4] for i in range(0, 16, 4))


def checksum(values):
    """FNV-1a over the bytes of the bit patterns, the lowest byte first."""
    result = 0xcbf29ce484222325
    for value in values:
        for byte in struct.pack("<d", value):
            result = (result ^ byte) * 0x100000001b3 % 2**64
    return grouped(result)


def entry(name, make, result):
    start, loss, gradients = result
    row = f'    Reference(\n      "{name}", {make},\n      start: ['
    row += ", ".join(checksum(t) for t in start) + "],\n      first: ["
    row += ", ".join(bits(v) for v in start[0][:3]) + f"],\n      loss: {bits(loss)},\n      gradients: ["
    return row + ", ".join(checksum(t) for t in gradients) + "]),\n"


text = "// Made by Scripts/reference/problems.py.\n\n@testable import Trials\n\n"
text += "extension Reference {\n  static let all = [\n"
text += entry("quad", "Quadratic()", quad())
text += entry("quad 432", "Quadratic(count: 432, seed: 1, shape: [8, 6, 3, 3])", quad(432, seed=1))
text += entry("quad 5000", "Quadratic(count: 5000, condition: 100, seed: 4)", quad(5000, 100.0, 4))
text += entry("rosen", "Rosenbrock()", rosen())
text += entry("rosen 10", "Rosenbrock(count: 10, scale: 0.5)", rosen(10, 0.5))
text += entry("lsq", "LeastSquares()", lsq())
text += entry("lsq 5", "LeastSquares(m: 5, k: 3, n: 4, seed: 7)", lsq(5, 3, 4, 7))
text += entry("lora", "LowRankAdapter()", lora())
text += entry(
    "lora 3", "LowRankAdapter(outputs: 7, inputs: 5, rank: 3, alpha: 2, samples: 9, seed: 11)",
    lora(7, 5, 3, 2.0, 9, 11))
sys.stdout.write(text + "  ]\n}\n")
