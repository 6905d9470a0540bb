"""Cases of `npm run bench -- --size hardware` in JAX on this machine's accelerator, in float32 at highest precision:
products of matrices, dense Θ₁, steps of gradient descent, products Θ₁u.

    python3 bench/with-jax.py            # needs jax with its accelerator's plugin, and nothing else
    python3 bench/with-jax.py --small    # a trial at sizes for any machine

Prints a median of seven runs, from the call until the result is there, everything compiled and on the device before.
Operations are counted as in operations.ts. The arrays are drawn as the bench draws its own, not the same ones.
"""

import os
import sys
import time

os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")

import jax
import jax.numpy as jnp
import numpy as np
from jax.scipy.special import erf

jax.config.update("jax_default_matmul_precision", "highest")
small = "--small" in sys.argv


def timed(label, run, arguments, operations, inner=1):
    """Prints the median time of `run`, called `inner` times in a row, over seven repetitions."""
    begun = time.perf_counter()
    jax.block_until_ready(run(*arguments))
    first = time.perf_counter() - begun
    times = []
    for _ in range(7):
        begun = time.perf_counter()
        for _ in range(inner):
            result = run(*arguments)
        jax.block_until_ready(result)
        times.append((time.perf_counter() - begun) / inner * 1e3)
    times.sort()
    print(
        f"{label}: median {times[3]:.3f} ms (least {times[0]:.3f}, most {times[-1]:.3f}), "
        f"{operations / times[3] / 1e9:.2f} TFLOP/s, first {first:.1f} s",
        flush=True,
    )


def problem(n, d, m):
    """X, W, v at the symmetric initialization, y = ±1 and u."""
    of_X, of_W, of_u = jax.random.split(jax.random.PRNGKey(0), 3)
    X = jax.random.normal(of_X, (n, d), jnp.float32)
    half = jax.random.normal(of_W, (m // 2, d), jnp.float32)
    r = jnp.arange(m)
    v = jnp.where(r % 2 == 0, 1.0, -1.0) * jnp.where(r < m // 2, 1.0, -1.0)
    y = jnp.sign(X[:, 0] + 0.5 * (X[:, 1] ** 2 - 1))
    return X, jnp.concatenate([half, half]), v.astype(jnp.float32), y, jax.random.normal(of_u, (n,), jnp.float32)


def erf_prime(z):
    return 2 / np.sqrt(np.pi) * jnp.exp(-z * z)


def slopes(X, W, v):
    """B = φ′(XWᵀ/√d) diag(v)."""
    return erf_prime(X @ W.T / np.sqrt(X.shape[1])) * v


def dense(X, W, v):
    """Θ₁ = (BBᵀ/m) ∘ (XXᵀ/d)."""
    B = slopes(X, W, v)
    return (B @ B.T / W.shape[0]) * (X @ X.T / X.shape[1])


def outputs(W, v, X):
    return erf(X @ W.T / np.sqrt(X.shape[1])) @ v / np.sqrt(W.shape[0])


def loss(parameters, X, y):
    return 0.5 * jnp.mean((outputs(*parameters, X) - y) ** 2)


def step(W, v, X, y):
    of_W, of_v = jax.grad(loss)((W, v), X, y)
    return W - 0.1 * X.shape[1] * of_W, v - 0.1 * X.shape[1] * of_v


def step_by_formula(W, v, X, y):
    (n, d), m = X.shape, W.shape[0]
    Z = X @ W.T / np.sqrt(d)
    A = erf(Z)
    e = A @ v / np.sqrt(m) - y
    of_W = (erf_prime(Z) * v * e[:, None]).T @ X / (n * np.sqrt(m * d))
    return W - 0.1 * d * of_W, v - 0.1 * d * (A.T @ e) / (n * np.sqrt(m))


def product_by_units(B, X, u):
    """(Θ₁u)_i = Σ_r B_ir ⟨G_r, x_i⟩/(md), G = Bᵀ diag(u) X, with B stored."""
    G = (B * u[:, None]).T @ X
    return jnp.sum(B * (X @ G.T), axis=1) / (B.shape[1] * X.shape[1])


def product_by_inputs(B, X, u):
    """The same as ⟨(BG)_i, x_i⟩/(md)."""
    G = B.T @ (X * u[:, None])
    return jnp.sum((B @ G) * X, axis=1) / (B.shape[1] * X.shape[1])


def product_by_jvp(W, v, X, u):
    """The same as jvp of vjp, with nothing stored."""
    of_W = lambda weights: outputs(weights, v, X)
    _, back = jax.vjp(of_W, W)
    return jax.jvp(of_W, (W,), back(u))[1]


print("jax", jax.__version__, jax.devices()[0].device_kind, flush=True)

for size in [256] if small else [1024, 4096, 8192]:
    A, B = (jax.random.normal(jax.random.PRNGKey(seed), (size, size), jnp.float32) for seed in (1, 2))
    timed(f"product {size}^3", jax.jit(jnp.matmul), (A, B), 2 * size**3)
    if size <= 1024:
        exact = np.asarray(A, np.float64) @ np.asarray(B, np.float64)
        print(f"  largest error {np.max(np.abs(np.asarray(A @ B) - exact)):.1e} of entries up to {np.max(np.abs(exact)):.0f}")
    del A, B

for n, d, m in [(128, 16, 32)] if small else [(2048, 64, 256), (16384, 1024, 4096)]:
    X, W, v, _, _ = problem(n, d, m)
    timed(f"dense ({n}, {d}, {m})", jax.jit(dense), (X, W, v), 2 * n * m * d + 2 * n * n * (m + d))

for n, d, m in [(256, 16, 32)] if small else [(20000, 50, 256), (65536, 512, 4096)]:
    X, W, v, y, _ = problem(n, d, m)
    for form, run in (("grad", step), ("formula", step_by_formula)):
        timed(f"GD step ({n}, {d}, {m}), {form}", jax.jit(run), (W, v, X, y), 4 * n * m * (d + 1), 10 if n < 30000 else 2)

for n, d, m in [(256, 16, 32)] if small else [(16384, 64, 1024), (1246064, 94, 1024)]:
    X, W, v, _, u = problem(n, d, m)
    operations = 4 * n * m * d + 2 * n * m
    B = jax.block_until_ready(jax.jit(slopes)(X, W, v))
    for form, run in (("by units", product_by_units), ("by inputs", product_by_inputs)):
        timed(f"a product ({n}, {d}, {m}), {form}, B stored", jax.jit(run), (B, X, u), operations)
    del B
    timed(f"a product ({n}, {d}, {m}), jvp of vjp", jax.jit(product_by_jvp), (W, v, X, u), operations)
