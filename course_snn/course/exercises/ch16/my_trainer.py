"""Exercise 16.MyTrainer, the challenge."""

from torch import nn

from course_snn.course.exercise import Exercise, Mistake
from course_snn.course.exercises.ch16.trained import tried
from course_snn.course.exercises.ch16.trainers import Changed, kept, of_the_option, one_hot
from course_snn.training import large


class MyTrainer(large.Trainer):
    def get_args_parser(self, add_help=True):
        parser = super().get_args_parser(add_help)
        parser.add_argument("--skip", type=int, default=0, help="first steps that do not vote")
        return parser

    def process_model_output(self, args, y):
        return y[min(args.skip, len(y) - 1) :].mean(0)

    def set_criterion(self, args):
        return self.squared_error

    @staticmethod
    def squared_error(output, labels):
        if labels.dim() == 1:  # whole labels; soft ones are [N, C] already
            labels = nn.functional.one_hot(labels, output.shape[1])
        return ((output - labels) ** 2).mean()

    def get_tb_logdir_name(self, args):
        return f"{super().get_tb_logdir_name(args)}_skip{args.skip}"


_make = Changed(MyTrainer)
_with, _output, _loss, _name = _make.other, _make.output, _make.loss, _make.name


EXERCISE = Exercise(
    id="16.MyTrainer",
    solution=MyTrainer,
    run=tried,
    cases=(({"skip": 1, "T": 4},), ({},), ({"skip": 2, "label-smoothing": 0.2},), ({"skip": 9},), ({"skip": 4},)),
    seconds=20.0,
    measured=(
        "1 process_model_output 的结果；2 标签是整数时的损失；3 标签是软标签时的损失；4 名称，… 是基类给的",
        "1 what process_model_output gives; 2 the loss of whole labels; 3 the loss of soft labels; 4 the name, … is "
        "what the base class gives",
    ),
    mistakes=(
        *of_the_option(_make),
        Mistake(
            _output(lambda skip, y: y.mean(0)),
            "process_model_output 没有用上 args.skip：先略去最前面的几步，再求平均。",
            "process_model_output makes no use of args.skip: leave the first steps out, then take the mean.",
        ),
        Mistake(
            _output(lambda skip, y: y[skip:].mean(0)),
            "args.skip 不小于 T 时，什么也没剩下，平均是 nan：至少留下最后一步。",
            "With args.skip not below T nothing is left, and the mean is nan: keep at least the last step.",
        ),
        Mistake(
            _output(lambda skip, y: y[: skip or None].mean(0)),
            "留下的是前几步：应略去它们，y[args.skip:]。",
            "The first steps are kept: leave those out, y[args.skip:].",
        ),
        Mistake(
            _output(lambda skip, y: y[: max(len(y) - skip, 1)].mean(0)),
            "略去的是最后几步：应略去最前面的，y[args.skip:]。",
            "The last steps are left out: it should be the first, y[args.skip:].",
        ),
        Mistake(
            _output(lambda skip, y: kept(y, skip).sum(0)),
            "要平均，不是总和：不然 args.skip 会改变输出的大小。",
            "Take the mean and not the sum, or args.skip changes the size of the output.",
        ),
        Mistake(
            _output(lambda skip, y: kept(y, skip).sum(0) / len(y)),
            "除以的应是剩下的步数，不是 T。",
            "Divide by the number of steps that are left, not by T.",
        ),
        Mistake(
            _output(lambda skip, y: kept(y.transpose(0, 1), skip).mean(0)),
            "维弄错了：第 0 维是时间，第 1 维是样本。",
            "The wrong dimension: 0 is time, 1 are the samples.",
        ),
        Mistake(
            _output(lambda skip, y: kept(y, skip)),
            "还要对时间求平均：返回 [N, C]。",
            "Take the mean over time as well: return [N, C].",
        ),
        Mistake(
            _output(lambda skip, y: y[-1]),
            "只看了最后一步：从第 args.skip 步起都要平均进去。",
            "That is the last step only: take the mean over all from step args.skip on.",
        ),
        Mistake(
            _output(lambda skip, y: kept(y, skip).mean(0).detach()),
            "detach 断开了梯度，网络就学不了了。",
            "detach cuts the gradient off, and the network cannot learn.",
        ),
        Mistake(
            _output(lambda skip, y: kept(y, skip - 1).mean(0)),
            "少略去一步：要略去 args.skip 步，从第 args.skip 步（从 0 数起）开始。",
            "One step too few is left out: leave out args.skip of them, and begin with step args.skip, counted from 0.",
        ),
        Mistake(
            _output(lambda skip, y: kept(y, skip + 1).mean(0)),
            "多略去一步：从第 args.skip 步（从 0 数起）开始。",
            "One step too many is left out: begin with step args.skip, counted from 0.",
        ),
        Mistake(
            _with(set_criterion=large.Trainer.set_criterion),
            "损失还是交叉熵：重写 set_criterion，返回均方误差。",
            "The loss is still the cross-entropy: write set_criterion anew, and return the mean squared error.",
        ),
        Mistake(
            _loss(nn.functional.cross_entropy),
            "这是交叉熵：要均方误差，输出与 one-hot 之差的平方的平均。",
            "That is the cross-entropy: wanted is the mean squared error, the mean of the squares of output minus "
            "one-hot.",
        ),
        Mistake(
            _loss(lambda output, labels: ((output - labels) ** 2).mean()),
            "整数标签 [N] 不能直接与输出 [N, C] 相减：先变成 one-hot。",
            "Whole labels [N] cannot be compared with outputs [N, C] as they are: make them one-hot first.",
        ),
        Mistake(
            _loss(lambda output, labels: ((output - nn.functional.one_hot(labels, output.shape[1])) ** 2).mean()),
            "软标签 [N, C]（MixUp 给的）不用再变成 one-hot：只有一维的标签才要变。",
            "Soft labels [N, C], as MixUp gives them, need no one-hot: only labels of one dimension do.",
        ),
        Mistake(
            _loss(
                lambda output, labels: (
                    (output - one_hot(labels.argmax(1) if labels.dim() == 2 else labels, output)) ** 2
                ).mean()
            ),
            "软标签要原样使用：取 argmax 就丢掉了 MixUp 的比例。",
            "Soft labels are used as they are: argmax throws the shares of MixUp away.",
        ),
        Mistake(
            _loss(lambda output, labels: ((output - one_hot(labels, output)) ** 2).sum()),
            "要均方误差，对 N·C 个数平均，不是求和。",
            "Wanted is the mean squared error: the mean over N·C numbers, not the sum.",
        ),
        Mistake(
            _loss(lambda output, labels: ((output - one_hot(labels, output)) ** 2).sum(1).mean()),
            "对 C 个类也要平均：一共除以 N·C。",
            "Take the mean over the C classes as well: divide by N·C in all.",
        ),
        Mistake(
            _loss(lambda output, labels: ((output - one_hot(labels, output)) ** 2).mean().sqrt()),
            "不要开方：均方误差，不是均方根误差。",
            "No square root: the mean squared error, not the root mean square error.",
        ),
        Mistake(
            _loss(lambda output, labels: (output - one_hot(labels, output)).abs().mean()),
            "要平方，不是绝对值。",
            "Take the square, not the absolute value.",
        ),
        Mistake(
            _loss(lambda output, labels: ((output.softmax(1) - one_hot(labels, output)) ** 2).mean()),
            "不要 softmax：拿输出（发放率）本身与 one-hot 比。",
            "No softmax: compare the outputs themselves, which are rates, with the one-hot labels.",
        ),
        Mistake(
            _loss(None),
            "set_criterion 没有返回函数：别忘了 return，而且返回函数本身，不要调用它。",
            "set_criterion does not return a function: remember return, and return the function itself without calling "
            "it.",
        ),
        Mistake(
            _name(lambda name, skip: name),
            "名称没有变：后面要加上 _skip 和它的值，不然两次不同的训练写进同一个文件夹。",
            "The name is as it was: add _skip and its value, or two different runs write into the same folder.",
        ),
        Mistake(
            _name(lambda name, skip: f"_skip{skip}"),
            "基类给的名称不见了：先 super().get_tb_logdir_name(args)，再接上。",
            "What the base class gives has gone: begin with super().get_tb_logdir_name(args), then add.",
        ),
        Mistake(
            _name(lambda name, skip: f"{name}_skip{skip}" if skip else name),
            "skip 是 0 时也要写：_skip0。",
            "Write it also where skip is 0: _skip0.",
        ),
        Mistake(
            _name(lambda name, skip: f"{name}_skip_{skip}"),
            "skip 与数之间没有下划线：_skip2。",
            "No underscore between skip and the number: _skip2.",
        ),
        Mistake(
            _name(lambda name, skip: f"{name}_skip"),
            "少了它的值：_skip2。",
            "Its value is missing: _skip2.",
        ),
        Mistake(
            _name(lambda name, skip: None),
            "get_tb_logdir_name 返回了 None：要返回一个字符串。",
            "get_tb_logdir_name returned None: return a string.",
        ),
        Mistake(
            _output(lambda skip, y: (y[skip:] if skip < len(y) else y).mean(0)),
            "args.skip 不小于 T 时，只留最后一步，不是全部。",
            "With args.skip not below T the last step alone is left, and not all of them.",
        ),
        Mistake(
            _output(lambda skip, y: y[-skip:].mean(0)),
            "留下了最后 args.skip 步：是略去最前面的 args.skip 步，y[args.skip:]，没有负号。",
            "The last args.skip steps are kept: leave the first args.skip out, y[args.skip:], without the minus.",
        ),
        Mistake(
            _output(lambda skip, y: y[skip:].mean(0) if skip < len(y) else y[-1:]),
            "y[-1:] 还有时间维：最后一步是 y[-1]，形状 [N, C]。",
            "y[-1:] still has a time dimension: the last step is y[-1], of shape [N, C].",
        ),
        Mistake(
            _output(lambda skip, y: y[skip:].mean(0) if skip <= len(y) else y[-1]),
            "args.skip 恰好等于 T 时，什么也没剩下，平均是 nan：条件是 args.skip < T。",
            "With args.skip equal to T nothing is left, and the mean is nan: the condition is args.skip < T.",
        ),
        Mistake(
            _loss(lambda output, labels: ((output - one_hot(labels, output)) ** 2).mean(1)),
            "每个样本一个数：对样本也要平均，损失是一个数。",
            "That is one number for each sample: take the mean over the samples, too, for a loss is one number.",
        ),
        Mistake(
            _loss(lambda output, labels: (output - one_hot(labels)).square().mean()),
            "one_hot(labels) 只有这一批里最大的标签那么多类：写上类数，one_hot(labels, output.shape[1])。",
            "one_hot(labels) has as many classes as the largest label of this batch needs: give their number, "
            "one_hot(labels, output.shape[1]).",
        ),
        Mistake(
            _make.smoothed(lambda labels: True),
            "这里不用标签平滑：目标就是 one-hot，或给的软标签。",
            "No label smoothing here: the target is one-hot, or the soft labels as they are.",
        ),
        Mistake(
            _make.smoothed(lambda labels: labels.dim() == 1),
            "这里不用标签平滑：目标就是 one-hot，或给的软标签。",
            "No label smoothing here: the target is one-hot, or the soft labels as they are.",
        ),
        Mistake(
            _name(lambda name, skip: f"{name}skip{skip}"),
            "少了前面的下划线：_skip2。",
            "The underscore before it is missing: _skip2.",
        ),
    ),
    hints=(
        (
            "get_args_parser 和 get_tb_logdir_name 先调用 super() 的同名方法，再往后加；都要 return。",
            "get_args_parser and get_tb_logdir_name call the method of that name of super() first, then add; both "
            "return something.",
        ),
        (
            "process_model_output：y[min(args.skip, len(y) - 1):].mean(0)。set_criterion 返回一个函数 (output, "
            "labels)，"
            "不是一个数。",
            "process_model_output: y[min(args.skip, len(y) - 1):].mean(0). set_criterion returns a function (output, "
            "labels), and no number.",
        ),
        (
            "在这个函数里：labels.dim() == 1 时，labels = nn.functional.one_hot(labels, output.shape[1])；然后 "
            "((output - labels) ** 2).mean()。",
            "In it: where labels.dim() == 1, labels = nn.functional.one_hot(labels, output.shape[1]); then "
            "((output - labels) ** 2).mean().",
        ),
    ),
)
