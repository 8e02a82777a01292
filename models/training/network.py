"""The network: MiniLM with word shapes in place of segment types, and a loss for sets that label only in part."""

from __future__ import annotations

import math
import random
from pathlib import Path

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from models.training.corpus import FREE, Example
from models.training.labels import TAGS

SHAPES = 8


class Net(nn.Module):
    """A token classifier; case enters through the shape embedding, since the vocabulary is uncased."""

    def __init__(self, base: Path, tags: int = len(TAGS)) -> None:
        super().__init__()
        config = BertConfig.from_pretrained(base)
        config._attn_implementation = "sdpa"
        config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
        self.bert = BertModel.from_pretrained(base, config=config, add_pooling_layer=False)
        embeddings = self.bert.embeddings
        first = embeddings.token_type_embeddings.weight.data[:1]
        table = nn.Embedding(SHAPES, config.hidden_size)
        table.weight.data = first.repeat(SHAPES, 1) + 0.01 * torch.randn(SHAPES, config.hidden_size)
        embeddings.token_type_embeddings = table
        embeddings.word_embeddings.weight.requires_grad_(False)
        self.out = nn.Linear(config.hidden_size, tags)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Tensor:
        """Tag scores for each word piece."""
        states = self.bert(input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids).last_hidden_state
        scores: Tensor = self.out(states)
        return scores


class Plain(nn.Module):
    """The same network for one full window: without mask and padding it runs half as fast again."""

    def __init__(self, net: Net) -> None:
        super().__init__()
        self.net = net
        self.heads = net.bert.config.num_attention_heads

    def forward(self, input_ids: Tensor, token_type_ids: Tensor) -> Tensor:
        """Tag scores for each word piece."""
        table = self.net.bert.embeddings
        states = table.word_embeddings(input_ids) + table.token_type_embeddings(token_type_ids)
        states = table.LayerNorm(states + table.position_embeddings.weight[: input_ids.shape[1]].unsqueeze(0))
        for layer in self.net.bert.encoder.layer:
            read = layer.attention.output
            states = read.LayerNorm(read.dense(self._look(layer.attention.self, states)) + states)
            inner = nn.functional.gelu(layer.intermediate.dense(states))
            states = layer.output.LayerNorm(layer.output.dense(inner) + states)
        scores: Tensor = self.net.out(states)
        return scores

    def _look(self, attention: nn.Module, states: Tensor) -> Tensor:
        rows, _, width = states.shape
        size = width // self.heads
        query, key, value = (
            make(states).view(rows, -1, self.heads, size) for make in (attention.query, attention.key, attention.value)
        )
        weights = torch.matmul(query.transpose(1, 2), key.permute(0, 2, 3, 1)) / math.sqrt(size)
        seen = torch.matmul(torch.softmax(weights, -1), value.transpose(1, 2))
        return seen.transpose(1, 2).reshape(rows, -1, width)


def batches(examples: list[Example], limit: int, rng: random.Random) -> list[list[int]]:
    """Batches of about equal size in word pieces, of windows of about equal length, in random order."""
    order = list(range(len(examples)))
    rng.shuffle(order)
    out: list[list[int]] = []
    for start in range(0, len(order), 1500):
        current: list[int] = []
        for i in sorted(order[start : start + 1500], key=lambda k: len(examples[k].ids)):
            if current and len(examples[i].ids) * (len(current) + 1) > limit:
                out.append(current)
                current = []
            current.append(i)
        if current:
            out.append(current)
    rng.shuffle(out)
    return out


def collate(rows: list[Example]) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
    """Padded tensors of one batch."""
    width = max(len(r.ids) for r in rows)
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    mask, shapes = torch.zeros_like(ids), torch.zeros_like(ids)
    tags = torch.full_like(ids, -100)
    source = torch.tensor([r.source for r in rows])
    for k, row in enumerate(rows):
        n = len(row.ids)
        ids[k, :n] = torch.tensor(row.ids)
        mask[k, :n] = 1
        shapes[k, :n] = torch.tensor(row.shapes)
        tags[k, :n] = torch.tensor(row.tags)
    return ids, mask, shapes, tags, source


def loss_of(scores: Tensor, tags: Tensor, source: Tensor, free: dict[int, tuple[int, ...]]) -> Tensor:
    """Cross entropy; where a set says nothing, every tag that it leaves open is right."""
    logs = torch.log_softmax(scores.float(), -1)
    total, count = logs.new_zeros(()), 0
    known = tags >= 0
    if known.any():
        total = total - logs[known].gather(1, tags[known][:, None]).sum()
        count += int(known.sum())
    for number, allowed in free.items():
        here = (tags == FREE) & (source == number)[:, None]
        if here.any():
            total = total - torch.logsumexp(logs[here][:, list(allowed)], -1).sum()
            count += int(here.sum())
    return total / max(1, count)
