"""What an error in a learner's code means, in both languages."""

import linecache
import re
from collections.abc import Callable

from course_snn.course.plain import clipped
from course_snn.language import Label, tr


def describe(error: BaseException, is_cell: Callable[[str], bool]) -> dict:
    """Return an error as plain data: its types, its text, and the line of the learner's code where it arose.

    Args:
        error: what was raised.
        is_cell: tells from the name of a file whether its lines are the learner's.
    """
    line, source, traceback = None, "", error.__traceback__
    while traceback:
        file = traceback.tb_frame.f_code.co_filename
        if is_cell(file):
            line = traceback.tb_lineno
            source = clipped(lambda file=file, line=line: linecache.getline(file, line), 100)
        traceback = traceback.tb_next
    types = [kind.__name__ for kind in type(error).__mro__[:-2]]
    return {"types": types, "text": clipped(lambda: error), "line": line, "source": source.strip()}


def is_unfinished(error: dict) -> bool:
    """Whether an error only says that a ``...`` of the stub still stands in the code."""
    return "ellipsis" in error["text"] and error["types"][0] in ("TypeError", "AttributeError", "RuntimeError")


def explained(error: dict, known: Label | None) -> Label:
    """Return what happened, where, and what it usually means.

    Args:
        error: as `describe` gives it.
        known: its `meaning`.
    """
    kind = error["types"][0]
    what = f"{kind}: {error['text']}" if error["text"] else kind
    where = f" (line {error['line']}: {error['source']})" if error["line"] and error["source"] else ""
    where = where or (f" (line {error['line']})" if error["line"] else "")
    return tr(
        f"你的代码出错了：{what}{where}{'。' + known.zh if known else ''}",
        f"Your code raised an error: {what}{where}{'. ' + known.en if known else ''}",
    )


def meaning(error: dict, call: str) -> Label | None:
    """Return what an error usually means; None for one that is not known.

    Args:
        error: as `describe` gives it.
        call: how the function is called, for example "rheobase(r, v_threshold, v_reset)".
    """
    name = re.escape(call.partition("(")[0])
    for types, pattern, zh, en in _MEANINGS:
        if types & set(error["types"]) and re.search(pattern.replace("{name}", name), error["text"]):
            return tr(zh.format(call=call), en.format(call=call))
    return None


_MEANINGS: tuple[tuple[set[str], str, str, str], ...] = (
    (
        {"AttributeError"}, r"^module '.+' has no attribute",
        "这个模块里没有这个名字：拼写对吗？输入“模块名.”再按 Tab，可以看到里面有什么。",
        "This module has nothing of that name: is it spelled right? Type the module and a dot, then Tab, to see what "
        "it has.",
    ),
    (
        {"RuntimeError"}, r"leaf Variable",
        "改参数的值，要放在 with torch.no_grad(): 里面。",
        "Change the values of parameters inside with torch.no_grad():.",
    ),
    (
        {"TypeError"}, r"cannot assign .* as parameter",
        "这里只能放 nn.Parameter：用 nn.Parameter(…) 包起来，或者在 with torch.no_grad(): 里改它的值。",
        "Only an nn.Parameter may stand here: wrap it in nn.Parameter(…), or change the values inside with "
        "torch.no_grad():.",
    ),
    (
        {"TypeError"}, r"cannot assign .* as child module",
        "这里只能放一个对象，如层或替代梯度：类的后面要加括号，写成 ATan()。",
        "Only an object, such as a layer or a surrogate, may stand here: a class needs its brackets, as in ATan().",
    ),
    (
        {"AttributeError", "TypeError", "RuntimeError"}, r"return_types",
        "沿一个维的 max、min、sort 等返回两样东西：数值在 .values 里，位置在 .indices 里。",
        "Along a dimension max, min, sort and the like return two things: .values and .indices.",
    ),
    (
        {"RuntimeError", "ValueError"}, r"is invalid for input of size|cannot reshape",
        "变形前后，数的总个数必须一样：每个维的长度都对吗？",
        "A reshape keeps the number of elements: is the length of each dimension right?",
    ),
    (
        {"NotImplementedError", "RuntimeError"}, r"not implemented for '",
        "torch 对这种类型的张量没有这个运算：先用 .float()、.bool() 等换类型，或者换一种运算。",
        "torch has no such operation for tensors of this type: change the type first, by .float(), .bool() or the "
        "like, or take another operation.",
    ),
    (
        {"EOFError", "StdinNotImplementedError"}, "",
        "检查时没有键盘输入：不要用 input()，数值都在参数里。",
        "There is no keyboard in a check: leave out input(), all values are in the arguments.",
    ),
    (
        {"TypeError"}, r"positional argument|unexpected keyword|required keyword",
        "参数对不上：检查时这样调用：{call}。",
        "The arguments do not match: the check calls {call}.",
    ),
    (
        {"TypeError"}, r"NoneType",
        "有个值是 None：是不是某个函数忘了 return，或者把原地操作（如 list.append）的结果当成了值？",
        "Some value is None: did a function forget its return, or was the result of list.append or the like used?",
    ),
    (
        {"AttributeError"}, r"NoneType",
        "有个值是 None：它是在哪里得到的？",
        "Some value is None: where does it come from?",
    ),
    (
        {"AttributeError"}, r"'{name}' (object )?has no attribute",
        "你的对象里没有它：在 __init__ 里写 self.名字 = …（不写 self. 就只是局部变量），或者这个方法还没有写。",
        "Your object has nothing of that name: set it in __init__ as self.name = … (without self. it is a local "
        "variable), or write the method.",
    ),
    (
        {"AttributeError"}, r"'(function|method)' object has no attribute",
        "这是一个函数：要它的结果，就在名字后面加括号和参数来调用。",
        "This is a function: to get its result call it, with its arguments in brackets.",
    ),
    (
        {"AttributeError"}, r"has no attribute",
        "这种类型的值没有这个属性或方法：看看它是列表、数组还是张量，任务里写了参数的类型。",
        "A value of this type has no such attribute or method: is it a list, an array or a tensor? The task says what "
        "the arguments are.",
    ),
    (
        {"ValueError"}, r"math domain error|expected a positive input|expected a nonnegative input",
        "对数的参数必须大于 0，平方根的不能小于 0：哪种情况要先单独处理？",
        "A logarithm needs a number above 0, a square root one not below 0: which case has to be treated first?",
    ),
    (
        {"ZeroDivisionError"}, "",
        "除数是 0：哪种情况要先单独处理？",
        "The divisor is 0: which case has to be treated first?",
    ),
    (
        {"OverflowError", "ValueError"}, r"cannot convert float (infinity|NaN) to integer",
        "无穷大和 nan 变不成整数：它来自哪种情况（除以 0？），要先单独处理吗？",
        "Infinity and nan do not become whole numbers: from which case do they come (a division by 0?), and does it "
        "have to be treated first?",
    ),
    ({"OverflowError"}, "", "数太大了：是不是在不断增长？", "The number is too large: does it grow and grow?"),
    (
        {"IndexError"}, r"too many indices|0-dim",
        "方括号里的下标比维数多：它的维数比你想的少，打印 shape 看看。",
        "More positions in the brackets than dimensions: it has fewer dimensions than you think; print its shape.",
    ),
    (
        {"IndexError", "TypeError"}, r"only integers|indices must be integers",
        "方括号里的位置要用整数：索引是不是小数（要整除 //？）、字符串，或写错了变量？",
        "Brackets take whole numbers as positions: is it a float (should it be //?), a text, or another variable?",
    ),
    (
        {"IndexError"}, "",
        "取了不存在的位置：长度为 n 时，位置从 0 到 n-1。",
        "That position does not exist: with length n, positions go from 0 to n-1.",
    ),
    ({"KeyError"}, "", "字典里没有这个键。", "The dictionary does not have this key."),
    (
        {"UnboundLocalError"}, "",
        "这个变量在得到值之前就被用了：循环之前要先给它初值吗？",
        "This variable is used before it has a value: does it need one before the loop?",
    ),
    (
        {"NameError"}, "",
        "这个名字没有定义：拼写对吗？需要的东西在这一格里 import 了吗？",
        "This name is not defined: is it spelled right, and is what you need imported in this cell?",
    ),
    (
        {"ModuleNotFoundError"}, "",
        "没有安装这个库：这道题用不着它。",
        "This library is not installed: the exercise does without it.",
    ),
    (
        {"RecursionError"}, "",
        "函数不断调用自己，没有尽头：什么时候该停？",
        "The function calls itself again and again: when should it stop?",
    ),
    (
        {"NotImplementedError"}, "^$",
        "这是你自己的代码抛出的：把 raise NotImplementedError 换成答案。",
        "That is raised in your own code: replace raise NotImplementedError by the answer.",
    ),
    (
        {"SystemExit"}, "",
        "函数里不要用 exit() 或 quit()，用 return。",
        "Leave out exit() and quit() in a function; use return.",
    ),
    (
        {"RuntimeError", "ValueError"}, r"[Bb]oolean value of Tensor|truth value of an array",
        "if 和 and/or 只能判断一个真假值；对整个张量用 torch.where、& 或 |。",
        "if and and/or take one truth value; for a whole tensor use torch.where, & or |.",
    ),
    (
        {"RuntimeError", "ValueError", "TypeError"},
        r"converted to (a )?(Scalar|Python scalar)|only (one element|length-1|0-dimensional)",
        "这里要一个数，给的张量不止一个元素。",
        "One number is needed here, but the tensor has more elements than one.",
    ),
    (
        {"RuntimeError", "ValueError"},
        r"must match the (existing )?size|"
        r"mat1 and mat2|shapes cannot be|could not be broadcast|not aligned|mismatch in its core",
        "形状合不上：打印两边的 shape，与任务里写的形状对照。",
        "The shapes do not fit: print both shapes and compare them with those in the task.",
    ),
    (
        {"TypeError"}, r"object is not callable",
        "名字、数或括号后面紧跟着括号，就成了调用函数：是不是少写了乘号 *？",
        "Brackets right behind a name, a number or other brackets call it like a function: is a * missing?",
    ),
    (
        {"ValueError", "TypeError"}, r"values to unpack|cannot unpack",
        "等号左边的名字和右边的值个数不一样：右边有几个值，形状有几维？",
        "There are not as many values on the right of = as names on the left: how many are there, of what shape?",
    ),
    (
        {"TypeError"}, r"interpreted as an integer",
        "这里要整数：参数的次序对吗？要不要整除 //？",
        "A whole number is needed here: are the arguments in the right order, or is // meant?",
    ),
    (
        {"TypeError"}, r"doesn't define __round__",
        "Python 的 round 一次只能取整一个数；对整个张量用 torch.round。",
        "Python's round takes a single number; for a whole tensor use torch.round.",
    ),
    (
        {"TypeError"}, r"must be Tensor, not",
        "这个 torch 函数要张量，给的是数或列表：先用 torch.as_tensor 变成张量；单个的数也可以用 math。",
        "This torch function takes a tensor and was given a number or a list: turn it into one by torch.as_tensor; for "
        "a single number there is math.",
    ),
    (
        {"RuntimeError"}, r"[Ee]xpected \d-?D|\dD tensors? expected|must be a (matrix|\dD tensor)",
        "维数合不上：这个函数要的维数与给它的张量不同，打印 shape 看看。",
        "The number of dimensions does not fit: this function takes tensors of another number; print their shapes.",
    ),
    (
        {"RuntimeError"}, r"does not require grad|second time|leaf Variable|inplace operation",
        "自动求导走不通：数值是不是被 detach、item 或原地修改断开了，或者计算图已经用过一次？",
        "Autograd finds no way: was a value cut off by detach, item or a change in place, or the graph used before?",
    ),
    (
        {"RuntimeError"}, r"infer output dtype|does not support bool",
        "真假值和整数没有平均等运算：先换成浮点数，.float()。",
        "There is no mean or the like of True and False or of whole numbers: make them floats first, .float().",
    ),
    (
        {"ValueError"}, r"step must be greater than zero",
        "张量不能用负的步长切片：用 flip(维)。",
        "A tensor has no slices with a negative step: use flip(dimension).",
    ),
    (
        {"TypeError"}, r"converted to an index",
        "列表的下标只能是一个整数；要一次取好几个，先把列表变成张量或数组。",
        "The index of a list is a single whole number; to take several at once, make the list a tensor or an array.",
    ),
    (
        {"TypeError"}, r"invalid combination of arguments",
        "torch 的这个函数不收这样的参数：有的只收张量，不收普通的数；先用 torch.tensor(...) 包起来，或换一种写法。",
        "This function of torch does not take such arguments: some take tensors only and no plain numbers; wrap "
        "those in torch.tensor(...), or write it another way.",
    ),
    (
        {"TypeError"}, r"unsupported operand|not supported between|can only concatenate|can't multiply",
        "两边的类型不能这样运算：列表不会逐元素计算，先换成张量或用循环。",
        "These types do not combine like that: a list does not calculate element by element; use a tensor or a loop.",
    ),
)  # fmt: skip
