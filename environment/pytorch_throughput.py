#!/usr/bin/env python3
"""PyTorch's side of `make bench`: the same networks, the same step, one thread.

Greets with {"torch": version} (or {"missing": why}), then answers lines of JSON until its input
ends. A line with "nodes" builds a network, trains it for a while in both memory layouts (on a
card: eagerly and as a CUDA graph) and answers which is faster and the number of weights, so that
the other side can see that the network is the same; any other line trains for "seconds" and
answers images a second. A step is
forward, loss, backward, clipping to a global norm, weight decay and SGD on one resident batch.
"""
import ctypes
import json
import sys
import time

try:
    import torch
    from torch import nn
    from torch.nn import functional as F
except ImportError as missing:
    print(json.dumps({"missing": str(missing)}), flush=True)
    sys.exit(0)

# Of glibc's malloc.h.
M_TRIM_THRESHOLD = -1
M_MMAP_MAX = -4


class Net(nn.Module):
    """A list of nodes, each reading earlier ones."""

    def __init__(self, nodes):
        super().__init__()
        self.inputs = [node["inputs"] for node in nodes]
        shapes = [node["shape"] for node in nodes]
        self.layers = nn.ModuleList(
            make(node, [shapes[i] for i in node["inputs"]]) for node in nodes
        )

    def forward(self, images):
        values = [images]
        for layer, inputs in zip(self.layers[1:], self.inputs[1:]):
            values.append(layer(*(values[i] for i in inputs)))
        return values[-1]


class Add(nn.Module):
    def forward(self, left, right):
        return left + right


class GlobalAverage(nn.Module):
    def forward(self, images):
        return F.adaptive_avg_pool2d(images, 1).flatten(1)


def make(node, inputs):
    """The module of a node. Non-linearities work in place, as PyTorch's own models do."""
    layer, channels = node["layer"], node["shape"][0]
    if layer == "input":
        return nn.Identity()
    if layer == "convolution":
        return nn.Conv2d(
            inputs[0][0], channels, node["kernel"], node["stride"], node["padding"],
            node["dilation"], bias=node["bias"],
        )
    if layer == "dense":
        size = inputs[0][0] * inputs[0][1] * inputs[0][2]
        return nn.Sequential(nn.Flatten(), nn.Linear(size, channels, bias=node["bias"]))
    if layer == "normalise":
        return {
            "BATCH": lambda groups: nn.BatchNorm2d(channels),
            "GROUP": lambda groups: nn.GroupNorm(groups, channels),
        }[node["normaliser"]["kind"]](node["normaliser"]["groups"])
    if layer == "activate":
        return nn.ReLU(inplace=True) if node["function"] == "RELU" else nn.Tanh()
    if layer == "maxpool":
        return nn.MaxPool2d(node["kernel"], node["stride"], node["padding"])
    return {"globalaverage": GlobalAverage, "add": Add}[layer]()


class Training:
    def __init__(self, request, layout=torch.contiguous_format, device="cpu"):
        torch.manual_seed(0)
        self.device = device
        self.net = Net(request["nodes"]).to(device, memory_format=layout).train()
        self.images = torch.randn(request["batch"], *request["nodes"][0]["shape"])
        self.images = self.images.to(device).contiguous(memory_format=layout)
        self.labels = torch.arange(request["batch"]) % request["nodes"][-1]["shape"][0]
        self.labels = self.labels.to(device)
        self.clip = request["clip"]
        self.optimiser = torch.optim.SGD(
            self.net.parameters(), request["rate"], weight_decay=request["weight_decay"]
        )

    def now(self):
        if self.device == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter()

    def step(self):
        self.optimiser.zero_grad(set_to_none=True)
        F.cross_entropy(self.net(self.images), self.labels).backward()
        nn.utils.clip_grad_norm_(self.net.parameters(), self.clip)
        self.optimiser.step()

    def rate(self, seconds):
        """Images a second, after one step that is not counted."""
        self.step()
        # A card is waited for now and then only, so that it never waits for the next step.
        together = 50 if self.device == "cuda" else 1
        steps, start = 0, self.now()
        while steps == 0 or self.now() - start < seconds:
            for _ in range(together):
                self.step()
            steps += together
        return steps * len(self.images) / (self.now() - start)


class Captured(Training):
    """The same step as one CUDA graph."""

    def __init__(self, request):
        super().__init__(request, device="cuda")
        aside = torch.cuda.Stream()
        with torch.cuda.stream(aside):
            for _ in range(3):
                super().step()
        aside.synchronize()
        self.optimiser.zero_grad(set_to_none=True)  # so that gradients are of the graph's memory
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            super().step()

    def step(self):
        self.graph.replay()


def contenders(request):
    if request["device"] == "cuda":
        tf32 = request["tf32"]
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = tf32
        return {"eager": Training(request, device="cuda"), "CUDA graph": Captured(request)}
    layouts = {"channels-last": torch.channels_last, "default": torch.contiguous_format}
    return {name: Training(request, layout) for name, layout in layouts.items()}


def faster(request):
    """Trains in both ways in turn; the one that was ever fastest."""
    trainings = contenders(request)
    best = {name: 0 for name in trainings}
    for _ in range(2):
        for name, training in trainings.items():
            best[name] = max(best[name], training.rate(request["seconds"] / 2))
    layout = max(best, key=best.get)
    training = trainings[layout]
    weights = sum(weight.numel() for weight in training.net.parameters())
    return training, {"layout": layout, "weights": weights}


def keep_memory():
    """glibc gives freed memory back to the system, so that every step of PyTorch would take it
    anew: ten thousand page faults, on some virtual machines a quarter of its time."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(M_MMAP_MAX, 0)
        mallopt(M_TRIM_THRESHOLD, 2**31 - 1)


def main():
    keep_memory()
    torch.set_num_threads(1)
    torch.set_num_interop_threads(1)
    print(json.dumps({"torch": torch.__version__}), flush=True)
    training = None
    for line in sys.stdin:
        request = json.loads(line)
        if "nodes" in request:
            training, answer = faster(request)
        else:
            answer = {"images_per_second": training.rate(request["seconds"])}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
