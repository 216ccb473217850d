"""Exercise 13.true_gestures."""

import torch

from course_snn.course.exercise import KIND, Exercise, Mistake
from course_snn.course.exercises import drawn


def in_turn(targets):
    targets = torch.where(targets == 2, 10, targets)
    return torch.where(targets > 2, targets - 1, targets)


def true_gestures(targets):
    folders = sorted(range(11), key=str)
    return torch.tensor(folders)[targets]


def _gestures(table):
    return lambda targets: torch.tensor(table)[targets]


_BY_NAME = sorted(range(11), key=str)


def _vary(rng):
    def targets(count):
        return torch.tensor([drawn.whole(rng, 0, 10) for _ in range(count)])

    return (torch.tensor(drawn.shuffled(rng, range(11))),), (targets(drawn.whole(rng, 4, 7)),), (targets(2),)


EXERCISE = Exercise(
    id="13.true_gestures",
    solution=true_gestures,
    vary=_vary,
    cases=((torch.arange(11),), (torch.tensor([2, 2, 3, 10, 0]),), (torch.tensor([7]),)),
    exact=(KIND,),
    keeps=True,
    mistakes=(
        Mistake(
            lambda targets: targets,
            "文件夹名是字符串，'10' 排在 '2' 前面：目标 2 是文件夹 '10'，不是 '2'。",
            "Folder names are text, and '10' comes before '2': target 2 is the folder '10', not '2'.",
        ),
        Mistake(
            lambda targets: torch.tensor(_BY_NAME).argsort()[targets],
            "方向反了：你由手势求目标。要由目标求文件夹的名字：folders[target]。",
            "The wrong way round: you go from gesture to target. Wanted is the folder's name: folders[target].",
        ),
        Mistake(
            _gestures(sorted(range(1, 12), key=str)),
            "文件夹从 0 数到 10，不是从 1 数到 11：第一个手势在文件夹 '0' 里。",
            "The folders count from 0 to 10, not from 1 to 11: the first gesture is in folder '0'.",
        ),
        Mistake(
            _gestures([0, 1, 10, 3, 4, 5, 6, 7, 8, 9, 2]),
            "不只是 2 和 10 互换：'10' 插到 '2' 前面，'2' 到 '9' 都往后移了一位。",
            "2 and 10 do not just change places: '10' moves in before '2', and '2' to '9' all move one place on.",
        ),
        Mistake(
            _gestures([0, 1, 10, 3, 4, 5, 6, 7, 8, 9, 10]),
            "只改了 2：'10' 插到 '2' 前面，后面的目标 3 到 10 也都移了一位。",
            "Only 2 is put right: '10' moves in before '2', and so targets 3 to 10 have moved as well.",
        ),
        Mistake(
            in_turn,
            "先把 2 改成 10，后一步又把这个 10 改成了 9：先记住原来的目标，或者查表。",
            "2 becomes 10, and the next line makes that 10 a 9: remember the original targets, or use a table.",
        ),
        Mistake(
            lambda targets: torch.where(targets == 2, 10, targets + (targets > 2)),
            "移反了方向：目标 3 是文件夹 '2'，所以大于 2 的要减 1。",
            "A shift the wrong way: target 3 is the folder '2', so those above 2 get 1 less.",
        ),
        Mistake(
            lambda targets: torch.tensor(_BY_NAME),
            "这是整张表，没有用 targets：返回表的第 targets 项，folders[targets]。",
            "That is the whole table, whatever the targets: return its entries, folders[targets].",
        ),
        Mistake(
            lambda targets: torch.tensor(sorted(targets.tolist(), key=str)),
            "要排序的是文件夹的名字，不是 targets 本身：先排好名单，再查 targets。",
            "Sort the names of the folders, not the targets themselves; then look the targets up in that list.",
        ),
        Mistake(
            lambda targets: [str(_BY_NAME[target]) for target in targets.tolist()],
            "返回的是文字：名字要变成数，int(name)。",
            "That returns text: turn the names into numbers, int(name).",
        ),
        Mistake(
            lambda targets: torch.tensor(_BY_NAME)[targets].float(),
            "手势的编号是整数，这里成了浮点数：用 torch.tensor（小写）建表，它保留整数。",
            "Numbers of gestures are whole, and these are floats: torch.tensor (small t) keeps integers.",
        ),
    ),
    hints=(
        (
            "DatasetFolder 把文件夹名当作文字来排序。把 '0' … '10' 排一排，看看谁在第 2 位。",
            "DatasetFolder sorts folder names as text. Sort '0' … '10' that way: who is in place 2?",
        ),
        (
            "sorted(range(11), key=str) 就是文件夹的顺序。",
            "sorted(range(11), key=str) is the order of the folders.",
        ),
        (
            "写作 torch.tensor(sorted(range(11), key=str))[targets]。",
            "torch.tensor(sorted(range(11), key=str))[targets]",
        ),
    ),
)
