"""PyTorch on the CPU.

usage: pytorch.py [--threads N] [--coretype NAME] [--aten CAP] [--blas FOLDER] [--seconds S] [--warmup N] WORKLOAD

--coretype auto lets OpenBLAS choose its kernels, whatever the environment says; without the option the environment's
OPENBLAS_CORETYPE stands.  --blas names a folder with another build of OpenBLAS: Debian's usual build has threads of its own
that fight over the cores with PyTorch's OpenMP threads; its OpenMP build (package libopenblas0-openmp) shares them.

Prints one line of JSON.  The workloads, their initial weights and their data are the ones that shared/data.mjs describes, so
the losses can be compared with those of the other participants.
"""
import argparse
import ctypes
import json
import math
import os
import resource
import statistics
import sys
import time

cli = argparse.ArgumentParser()
cli.add_argument("--threads", type=int, default=1)
cli.add_argument("--coretype", help="kernels for OpenBLAS to use, such as SkylakeX, or auto")
cli.add_argument("--aten", help="vector instructions for ATen to use, such as avx512")
cli.add_argument("--blas", help="folder of the OpenBLAS build to use")
cli.add_argument("--seconds", type=float, default=1.0)
cli.add_argument("--warmup", type=int, default=51, help="untimed steps")
cli.add_argument("workload")
args = cli.parse_args()

# These are read when the libraries load.  torch.set_num_threads does not
# reach OpenBLAS (it has a pool of its own), so its count is set here too.
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(args.threads)
if args.coretype == "auto":
    os.environ.pop("OPENBLAS_CORETYPE", None)
elif args.coretype:
    os.environ["OPENBLAS_CORETYPE"] = args.coretype
if args.aten:
    os.environ["ATEN_CPU_CAPABILITY"] = args.aten
if args.blas:  # a library that is already loaded wins over the one torch asks for
    for name in ("libopenblas.so.0", "libblas.so.3"):
        ctypes.CDLL(os.path.join(args.blas, name), mode=ctypes.RTLD_GLOBAL)

import numpy as np  # noqa: E402
import torch  # noqa: E402
import torch.nn.functional as F  # noqa: E402
from torch.utils.checkpoint import checkpoint  # noqa: E402

torch.set_num_threads(args.threads)
torch.set_num_interop_threads(1)

DATA, TARGET = 101, 102  # seeds; parameter number k of a model has seed k + 1


# ---------------------------------------------------------------- fixed data

def hashed(seed, n):
    """n 32-bit values: the same counter-based hash as common.mjs."""
    x = np.arange(n, dtype=np.uint32) + np.uint32(seed * 0x9E3779B9 & 0xFFFFFFFF)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    x ^= x >> np.uint32(16)
    return x


def uniform(seed, shape, scale):
    """float32 values in [-scale, scale)."""
    unit = (hashed(seed, math.prod(shape)) >> np.uint32(8)).astype(np.float64) * 2.0**-23 - 1
    return torch.from_numpy((unit * scale).astype(np.float32)).reshape(shape)


def integers(seed, shape, bound):
    return torch.from_numpy((hashed(seed, math.prod(shape)) % np.uint32(bound)).astype(np.int64)).reshape(shape)


def parameters(specs):
    """specs: (shape, scale) pairs; a scale may also be "zeros" or "ones"."""
    made = []
    for k, (shape, scale) in enumerate(specs):
        if scale == "zeros":
            p = torch.zeros(shape)
        elif scale == "ones":
            p = torch.ones(shape)
        else:
            p = uniform(k + 1, shape, scale)
        made.append(p.requires_grad_())
    return made


def trainer(loss_of, optimizer):
    def step():
        optimizer.zero_grad(set_to_none=True)
        loss = loss_of()
        loss.backward()
        optimizer.step()
        return loss.item()
    return step


# ----------------------------------------------------------------- workloads

def scalar_chain():
    w1, b1, w2, b2 = leaves = [torch.tensor(v, requires_grad=True) for v in (0.7, 0.1, -0.4, 0.2)]
    x, t = torch.tensor(1.5), torch.tensor(1.0)

    def step():
        loss = (torch.relu(w1 * x + b1) * w2 + b2 - t).square()
        grads = torch.autograd.grad(loss, leaves)
        with torch.no_grad():
            for p, g in zip(leaves, grads):
                p.sub_(g, alpha=0.01)
        return loss.item()
    return step, "0-d tensors, autograd.grad and in-place updates"


def mlp(batch):
    sizes = [784, 256, 128, 10]
    specs = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        specs += [((n_in, n_out), n_in**-0.5), ((n_out,), n_in**-0.5)]
    ps = parameters(specs)
    x = uniform(DATA, (batch, 784), 1.0)
    y = integers(TARGET, (batch,), 10)

    def loss_of():
        h = torch.relu(torch.addmm(ps[1], x, ps[0]))
        h = torch.relu(torch.addmm(ps[3], h, ps[2]))
        return F.cross_entropy(torch.addmm(ps[5], h, ps[4]), y)
    return trainer(loss_of, torch.optim.SGD(ps, lr=0.1, foreach=True)), ""


def cnn(batch=64):
    ps = parameters([
        ((16, 1, 3, 3), 9**-0.5), ((16,), 9**-0.5),
        ((32, 16, 3, 3), 144**-0.5), ((32,), 144**-0.5),
        ((1568, 10), 1568**-0.5), ((10,), 1568**-0.5),
    ])
    x = uniform(DATA, (batch, 1, 28, 28), 1.0)
    y = integers(TARGET, (batch,), 10)

    def loss_of():
        h = F.max_pool2d(torch.relu(F.conv2d(x, ps[0], ps[1], padding=1)), 2)
        h = F.max_pool2d(torch.relu(F.conv2d(h, ps[2], ps[3], padding=1)), 2)
        return F.cross_entropy(torch.addmm(ps[5], h.flatten(1), ps[4]), y)
    return trainer(loss_of, torch.optim.Adam(ps, lr=1e-3, foreach=True)), "oneDNN convolutions"


def gpt(batch, checkpointed=False):
    vocab, ctx, d, heads, layers = 65, 64, 128, 4, 4
    std = 0.02 * 3**0.5
    block = [
        ((d,), "ones"), ((d,), "zeros"),
        ((d, 3 * d), std), ((3 * d,), "zeros"), ((d, d), std), ((d,), "zeros"),
        ((d,), "ones"), ((d,), "zeros"),
        ((d, 4 * d), std), ((4 * d,), "zeros"), ((4 * d, d), std), ((d,), "zeros"),
    ]
    ps = parameters([((vocab, d), std), ((ctx, d), std)] + block * layers
                    + [((d,), "ones"), ((d,), "zeros"), ((d, vocab), std)])
    stream = integers(DATA, (batch, ctx + 1), vocab)
    tokens, targets = stream[:, :-1].contiguous(), stream[:, 1:].reshape(-1)
    future = torch.ones(ctx, ctx, dtype=torch.bool).triu(1)

    def layer(h, g1, c1, wqkv, bqkv, wo, bo, g2, c2, wa, ba, wb, bb):
        a = F.layer_norm(h, (d,), g1, c1)
        qkv = torch.addmm(bqkv, a, wqkv).view(batch, ctx, 3, heads, d // heads)
        q, k, v = qkv.permute(2, 0, 3, 1, 4)
        scores = (q @ k.transpose(-1, -2)) * (d // heads) ** -0.5
        weights = scores.masked_fill(future, -math.inf).softmax(-1)
        mixed = (weights @ v).transpose(1, 2).reshape(batch * ctx, d)
        h = h + torch.addmm(bo, mixed, wo)
        a = F.layer_norm(h, (d,), g2, c2)
        return h + torch.addmm(bb, F.gelu(torch.addmm(ba, a, wa), approximate="tanh"), wb)

    def loss_of():
        h = (F.embedding(tokens, ps[0]) + ps[1]).view(batch * ctx, d)
        for n in range(layers):
            own = ps[2 + 12 * n:14 + 12 * n]
            h = checkpoint(layer, h, *own) if checkpointed else layer(h, *own)
        h = F.layer_norm(h, (d,), ps[-3], ps[-2])
        return F.cross_entropy(h @ ps[-1], targets)
    optimizer = torch.optim.AdamW(ps, lr=1e-3, weight_decay=0.01, foreach=True)
    return trainer(loss_of, optimizer), "checkpoint per layer" if checkpointed else ""


def wide_net():
    ws = [uniform(1, (500, 1000), 1000**-0.5), uniform(2, (500, 500), 500**-0.5), uniform(3, (1, 500), 500**-0.5)]
    x = uniform(DATA, (1000,), 1.0)

    def f(v):
        return (ws[2] @ torch.relu(ws[1] @ torch.relu(ws[0] @ v)))[0]
    return f, x


def reverse_gradient():
    f, x = wide_net()
    x.requires_grad_()

    def step():
        return torch.autograd.grad(f(x), x)[0].norm().item()
    return step, "value is the norm of the gradient"


def forward_gradient():
    f, x = wide_net()

    def step():
        gradient = torch.autograd.functional.jacobian(f, x, vectorize=True, strategy="forward-mode")
        return gradient.norm().item()
    return step, "autograd.functional.jacobian, vectorized forward mode; value is the norm of the gradient"


def tanh_net():
    w1, b1, w2, b2 = (uniform(k + 1, s, 0.125) for k, s in enumerate([(64, 64), (64,), (64, 64), (64,)]))
    x = uniform(DATA, (64,), 1.0)

    def f(v):
        return torch.tanh(torch.tanh(v @ w1 + b1) @ w2 + b2)
    return f, x


def jacobian():
    import functorch
    f, x = tanh_net()
    full = functorch.jacrev(f)

    def step():
        return full(x).norm().item()
    return step, "functorch.jacrev; value is the norm of the Jacobian"


def deep_net():
    layers, width, batch = 50, 32, 16
    scale = (6 / (2 * width)) ** 0.5
    ps = parameters([((width, width), scale), ((width,), "zeros")] * layers)
    x, t = uniform(DATA, (batch, width), 1.0), uniform(TARGET, (batch, width), 0.5)

    def loss_of():
        h = x
        for n in range(layers):
            h = torch.tanh(torch.addmm(ps[2 * n + 1], h, ps[2 * n]))
        return F.mse_loss(h, t)
    return trainer(loss_of, torch.optim.SGD(ps, lr=0.01, foreach=True)), ""


def matmul(n):
    a, b, c = uniform(DATA, (n, n), 1.0), uniform(TARGET, (n, n), 1.0), torch.empty(n, n)

    def step():
        torch.mm(a, b, out=c)
        return c[0, 0].item()
    return step, "value is C[0,0]"


WORKLOADS = {
    "W0": scalar_chain,
    "W1-b64": lambda: mlp(64),
    "W1-b512": lambda: mlp(512),
    "W2": cnn,
    "W3": lambda: gpt(16),
    "W4-grad": reverse_gradient,
    "W4-jvp": forward_gradient,
    "W4-jac": jacobian,
    "W5": deep_net,
    "W6-1024": lambda: matmul(1024),
    "W7": lambda: gpt(64),
    "W7-ckpt": lambda: gpt(64, checkpointed=True),
}


# --------------------------------------------------------------- measurement

def configuration():
    """What this process really runs with."""
    blas = ctypes.CDLL("libopenblas.so.0")
    blas.openblas_get_corename.restype = ctypes.c_char_p
    kind = {0: "serial", 1: "pthread", 2: "openmp"}[blas.openblas_get_parallel()]
    aten = torch.__config__.show().split("CPU capability usage: ")[1].split("\n")[0]
    return f"openblas {blas.openblas_get_corename().decode()} {kind}, aten {aten}"


def peak_mb():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


SLOW = 30


def measure(step):
    """Steps from the initial state, whose losses are kept, then timed blocks."""
    losses, spent, began = [], 0.0, time.perf_counter()
    while len(losses) < args.warmup or spent < 0.3:
        losses.append(step())
        spent = time.perf_counter() - began
        if len(losses) == 6 and spent / 6 * args.warmup > SLOW:
            break  # too slow for many steps
    inner = max(1, round(0.002 * len(losses) / spent))  # steps per block: about 2 ms or one step
    blocks, began = [], time.perf_counter()
    while len(blocks) < 5 or time.perf_counter() - began < args.seconds:
        t0 = time.perf_counter()
        for _ in range(inner):
            step()
        blocks.append((time.perf_counter() - t0) / inner * 1e3)
    return losses, blocks


def main():
    idle = peak_mb()
    step, note = WORKLOADS[args.workload]()
    losses, blocks = measure(step)
    print(json.dumps({
        "ms": statistics.median(blocks),
        "leastMs": min(blocks),
        "loss5": losses[5],
        "loss50": losses[50] if len(losses) > 50 else None,
        "peakMb": round(peak_mb()),
        "idleMb": round(idle),
        "note": f"{configuration()}; {note}" if note else configuration(),
    }))


main()
