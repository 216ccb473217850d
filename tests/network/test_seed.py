"""The listing of seed 000 runs, with random pictures for MNIST; where it had to be corrected, a comment says so.

Corrected: ``input1`` of method 2 is ``input``; ``Net.net_layer`` is a network, so a connection ends at one of its
groups; ``Net.train`` and ``Net.test`` are ``fit`` and ``evaluate``; data come as tensors.
"""

import pytest
import torch
from nets import links, names

import course_snn.network as spaic
from course_snn.network.library import ExampleNet

run_time = 20.0  # 200 there
bat_size = 10


def pictures(n=30):
    g = torch.Generator().manual_seed(0)
    labels = torch.randint(0, 10, (n,), generator=g)
    x = torch.rand(n, 1, 28, 28, generator=g)
    x[torch.arange(n), 0, labels] = 1.0
    return x, labels


def method_1():
    class ExampleNet(spaic.Network):
        def __init__(self):
            super(ExampleNet, self).__init__()  # noqa: UP008

            # 建立输入节点并选择输入编码形式
            self.input = spaic.Encoder(num=784, encoding='latency')  # fmt: skip

            # 建立神经元集群，选择神经元类型，并可以设置 放电阈值、膜电压时间常数等神经元参数值
            self.layer1 = spaic.NeuronGroup(100, neuron_model='clif')  # fmt: skip
            self.layer2 = spaic.NeuronGroup(10, neuron_model='clif')  # fmt: skip

            # 建立神经集群间的连接
            self.connection1 = spaic.Connection(self.input, self.layer1, link_type='full')  # fmt: skip
            self.connection2 = spaic.Connection(self.layer1, self.layer2, link_type='full')  # fmt: skip

            # 建立输出节点，并选择输出解码形式
            self.output = spaic.Decoder(decoding='spike_counts',target=self.layer2)  # fmt: skip

            # 建立状态检测器，可以Monitor神经元、输入输出节点、连接等多种单元的状态量
            self.monitor1 = spaic.StateMonitor(self.layer1, 'V')  # fmt: skip

            # 加入学习算法，并选择需要训练的网络结构，（self代表全体ExampleNet结构）
            self.learner1 = spaic.STCA(0.5, self)

            # 加入优化算法
            self.optim = spaic.Adam(lr=0.01, schedule='StepLR', maxstep=1000)  # fmt: skip

    # 初始化ExampleNet网络对象
    return ExampleNet()


def method_2():
    # 初始化基本网络类的对象
    Net = spaic.Network()

    # 通过把网络单元在with内定义，建立网络结构
    with Net:
        input = spaic.Encoder(num=784, encoding='latency')  # fmt: skip
        layer1 = spaic.NeuronGroup(100, neuron_model='clif')  # fmt: skip
        layer2 = spaic.NeuronGroup(10, neuron_model='clif')  # fmt: skip
        connection1 = spaic.Connection(input, layer1, link_type='full')  # fmt: skip  # input1 there
        connection2 = spaic.Connection(layer1, layer2, link_type='full')  # fmt: skip
        output = spaic.Decoder(decoding='spike_counts',target=layer2)  # fmt: skip
        monitor1 = spaic.StateMonitor(layer1, 'V')  # fmt: skip
        learner1 = spaic.STCA(0.5, Net)
        optim = spaic.Adam(lr=0.01, schedule='StepLR', maxstep=1000)  # fmt: skip
    return Net


PARTS = ["input", "layer1", "layer2", "connection1", "connection2", "output"]


@pytest.mark.parametrize("make", [method_1, method_2, ExampleNet])
def test_the_networks_of_the_seed(make, tmp_path, course_style):
    torch.manual_seed(0)
    Net = make()
    assert list(Net._modules) == PARTS and links(Net) == {"connection1": "input>layer1", "connection2": "layer1>layer2"}

    backend = spaic.Torch_Backend()
    sim_name = backend.backend_name
    Net.build(backend)
    assert sim_name == "pytorch"

    param = Net.parameters()  # get_aprameters there
    optim = torch.optim.Adam(param, lr=0.01)
    torch.optim.lr_scheduler.StepLR(optim, 100)

    Net.set_runtime(run_time)
    Net.fit(pictures(), epochs=1, batch_size=bat_size, progress=False)  # Net.train(epochs=100) there
    with pytest.raises(TypeError, match=r"net.fit"):
        Net.train(epochs=100)
    assert 0 <= Net.evaluate(pictures()).accuracy <= 1  # Net.test() there
    with pytest.raises(AttributeError, match="evaluate"):
        Net.test()

    Net.input(pictures(2)[0])
    assert Net.run(run_time=run_time).shape == (2, 10)

    from matplotlib import pyplot as plt

    (line,) = plt.plot(Net.monitor1.times, Net.monitor1.values[0, 0, :])
    assert line.get_xdata().tolist() == list(range(1, 21)) and Net.monitor1.values.shape == (2, 100, 20)

    assert Net.save(filename=tmp_path / "TestNet").name == "TestNet.pt"
    again = spaic.Network.load(tmp_path / "TestNet")
    again.input(pictures(2)[0])
    assert torch.equal(again.run(), Net.run()) and list(again._modules) == PARTS


def test_method_3_changes_a_network_of_the_library():
    torch.manual_seed(0)
    Net = ExampleNet()
    # 神经元参数
    neuron_param = {
        'tau_m': 8.0,
        'V_th': 1.5,
    }  # fmt: skip
    # 新建神经元集群
    layer3 = spaic.NeuronGroup(100, neuron_model='lif', param=neuron_param)  # fmt: skip
    layer4 = spaic.NeuronGroup(100, neuron_model='lif', param=neuron_param)  # fmt: skip

    # 向神经集合中加入新的集合成员
    Net.add_assembly('layer3', layer3)  # fmt: skip
    # 删除神经集合中已经存在集合成员
    Net.del_assembly(Net.layer3)
    # 复制一个已有的assembly结构，并将新建的assembly加入到此神经集合
    Net.copy_assembly('net_layer', ExampleNet())  # fmt: skip
    # 将集合内部已有的一个神经集合替换为一个新的神经集合
    Net.replace_assembly(Net.layer1, layer3)
    # 将此神经集合与另一个神经集合进行合并，得到一个新的神经集合
    Net2 = ExampleNet()
    Net.merge_assembly(Net2)
    # 连接神经集合内部两个神经集群
    with pytest.raises(ValueError, match="net_layer is an assembly: connect groups, or use Projection"):
        spaic.Connection(Net.layer2, Net.net_layer, link_type='full')  # fmt: skip
    con = spaic.Connection(Net.layer2, Net.net_layer.layer1, link_type='full')  # fmt: skip
    Net.add_connection('con3', con)  # fmt: skip
    # 将此神经集合中的部分集合成员以及它们间的连接取出来组成一个新的神经集合，原神经集合保持不变
    Net3 = Net.select_assembly([Net.layer2, Net.net_layer])  # net_layer there

    assert Net.layer1 is layer3 and Net.layer1.neuron.v_threshold == 1.5 and Net.monitor1.target is layer3
    assert names(Net) == [
        "input",
        "layer1",
        "layer2",
        "output",
        "net_layer",
        "input_1",
        "layer1_1",
        "layer2_1",
        "output_1",
    ]
    assert links(Net) == {
        "connection1": "input>layer1", "connection2": "layer1>layer2", "con3": "layer2>net_layer.layer1",
        "connection1_1": "input_1>layer1_1", "connection2_1": "layer1_1>layer2_1",
        "net_layer.connection1": "net_layer.input>net_layer.layer1",
        "net_layer.connection2": "net_layer.layer1>net_layer.layer2",
    }  # fmt: skip
    assert names(Net3) == ["layer2", "net_layer"] and set(links(Net3).values()) == {
        "layer2>net_layer.layer1", "net_layer.input>net_layer.layer1", "net_layer.layer1>net_layer.layer2",
    }  # fmt: skip
    assert layer4.owner is None

    Net.build(spaic.Torch_Backend())
    Net.set_runtime(run_time)
    x = pictures(3)[0]
    Net.feed({"input": x, "net_layer.input": x, "input_1": x})
    out = Net.run()
    assert list(out) == ["output", "output_1", "net_layer.output"] and all(o.shape == (3, 10) for o in out.values())
    assert Net.monitor1.values.shape == (3, 100, 20) and Net.net_layer.monitor1.target is Net.net_layer.layer1
    Net.net_layer.assembly_hide()
    for name in ("input_1", "layer1_1", "layer2_1", "output_1"):
        Net.at(name).assembly_hide()
    Net.fit(pictures(), epochs=1, batch_size=bat_size, progress=False)  # with the optimiser of the outermost network


def test_what_spaic_has_elsewhere_is_told():
    assert spaic.Library.ExampleNet is ExampleNet
    for name, said in (
        ("MNIST", "course_snn.data.mnist"),
        ("Dataloader", "net.fit"),
        ("Dataset", "images"),
        ("Learner", "STCA"),
    ):
        with pytest.raises(AttributeError, match=said):
            getattr(spaic, name)
    with pytest.raises(AttributeError, match="parameters"):
        ExampleNet().get_aprameters()
