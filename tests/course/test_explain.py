"""Errors of beginners are explained."""

import math

import numpy as np
import torch
from together import each_of

from course_snn.course.explain import describe, explained, is_unfinished, meaning


def raised(code):
    try:
        exec(compile(code, "<ipython-input-3>", "exec"), {"torch": torch, "math": math, "np": np})
    except BaseException as error:
        return describe(error, lambda file: "ipython-input" in file)
    raise AssertionError(f"{code} raised nothing")


def said_of(code):
    error = raised(code)
    return explained(error, meaning(error, "f(x)"))


@each_of(
    "code, says",
    [
        ("w = torch.ones(2, requires_grad=True)\nw += 1", "inside with torch.no_grad()"),
        ("torch.nn.Linear(1, 1).bias = torch.zeros(1)", "nn.Parameter may stand"),
        ("torch.sinus(1)", "nothing of that name"),
        ("net = torch.nn.Sequential(torch.nn.ReLU())\nnet[0] = torch.nn.ReLU", "needs its brackets"),
        ("torch.ones(2, 2).max(1).max(0)", "return two things"),
        ("torch.zeros(6).reshape(4, 2)", "keeps the number of elements"),
        ("np.zeros(6).reshape(4, 2)", "keeps the number of elements"),
        ("torch.zeros(2) | torch.ones(2)", "for tensors of this type"),
        ("math.log(0)", "needs a number above 0"),
        ("math.sqrt(-1)", "not below 0"),
        ("1 / 0", "divisor"),
        ("[1][2]", "position does not exist"),
        ("torch.zeros(2)[3]", "position does not exist"),
        ("torch.tensor(1.0)[0]", "fewer dimensions"),
        ("torch.zeros(2)[0, 0]", "fewer dimensions"),
        ("np.zeros(2)[0, 0]", "fewer dimensions"),
        ("np.zeros(2)[1.0]", "whole numbers as positions"),
        ("np.zeros(2)['a']", "whole numbers as positions"),
        ("torch.zeros(2)[1.0]", "whole numbers as positions"),
        ("x = 1.0\n[1, 2][x]", "whole numbers as positions"),
        ("torch.sum([1, 2])", "a number or a list"),
        ("torch.exp(1.0)", "a number or a list"),
        ("{}['a']", "dictionary"),
        ("'a'.float()", "list, an array or a tensor"),
        ("[1, 2].sum()", "list, an array or a tensor"),
        ("class f:\n    def g(self): return self.queue\nf().g()", "nothing of that name"),
        ("class f: pass\nf.g", "nothing of that name"),
        ("(lambda: 1).shape", "in brackets"),
        ("None.sum()", "Some value is None"),
        ("None + 1", "Some value is None"),
        ("(lambda a: a)()", "the check calls f(x)"),
        ("(lambda: 1)(2)", "the check calls f(x)"),
        ("def g():\n    v = v + 1\ng()", "before it has a value"),
        ("undefined", "not defined"),
        ("import no_such_library", "does without it"),
        ("[1.0] - [2.0]", "element by element"),
        ("[1.0] * 0.5", "element by element"),
        ("if torch.zeros(2) > 0: pass", "one truth value"),
        ("if np.zeros(2) > 0: pass", "one truth value"),
        ("torch.zeros(2).item()", "One number is needed"),
        ("float(torch.zeros(2))", "One number is needed"),
        ("torch.zeros(2) + torch.zeros(3)", "shapes do not fit"),
        ("np.zeros(2) + np.zeros(3)", "shapes do not fit"),
        ("torch.zeros(2, 3) @ torch.zeros(2, 3)", "shapes do not fit"),
        ("torch.zeros(2)[1:] = torch.zeros(2)", "shapes do not fit"),
        ("math.ceil(math.inf)", "do not become whole"),
        ("int(math.nan)", "do not become whole"),
        ("torch.exp(1.0)", "takes a tensor"),
        ("torch.outer(torch.zeros(2, 2), torch.zeros(2))", "number of dimensions"),
        ("torch.zeros(2).mm(torch.zeros(2, 2))", "number of dimensions"),
        ("torch.dot(torch.zeros(2, 2), torch.zeros(2))", "number of dimensions"),
        ("torch.bmm(torch.zeros(2), torch.zeros(2))", "number of dimensions"),
        ("torch.zeros(2).sum().backward()", "Autograd finds no way"),
        ("math.pi(3)", "is a * missing"),
        ("a, b = 1, 2, 3", "names on the left"),
        ("a, b = torch.zeros(3)", "names on the left"),
        ("range(0.5)", "right order"),
        ("round(torch.zeros(2))", "torch.round"),
        ("(torch.zeros(2) > 0).mean()", "make them floats"),
        ("(torch.zeros(2) > 0).argmax()", "make them floats"),
        ("torch.zeros(2)[::-1]", "use flip"),
        ("torch.zeros(4)[: 4 / 2]", "should it be //"),
        ("[1, 2][torch.tensor([0, 1])]", "a single whole number"),
        ("q = 1.0\n[1, 2][q]", "should it be //"),
        ("2.0 ** 10000", "grow and grow"),
        ("torch.ones(2).sum(1.5)", "does not take such arguments"),
        ("torch.max(0, torch.zeros(2))", "no plain numbers"),
        ("raise EOFError", "no keyboard"),
        ("raise NotImplementedError", "replace raise NotImplementedError"),
        ("exit()" if False else "raise SystemExit", "Leave out exit"),
    ],
)
def test_the_meaning_is_said_with_the_line(code, says):
    said = said_of(code)
    assert says in said.en and "line " in said.en
    assert said.zh != said.en and "你的代码出错了" in said.zh


def test_what_is_not_known_is_told_as_it_is():
    said = said_of("raise LookupError('?')").en
    assert said == "Your code raised an error: LookupError: ? (line 1)"


def test_a_rest_of_the_stub_is_recognised():
    assert is_unfinished(raised("1.0 + ...")) and is_unfinished(raised("q = ...\nq.append(1)"))
    assert not is_unfinished(raised("1 / 0")) and not is_unfinished(raised("raise ValueError('ellipsis')"))
