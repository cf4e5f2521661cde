"""Names of GPUs and servers, sockets, and what a GPU is called."""

from sourcing.matching.lexicon import Table

GPUS: Table = {
    "gpu": {
        "v100": "v100",
        "v100s": "v100s",
        "volta": "volta",
        "p100": "p100 | pascal p100",
        "a100": "a100 | a100x | a800 | drive a100 | pg199",
        "other": """
            v100 fhhl | fhhl v100 | v100 dgxs | pg189 | cmp 100-210 | cmp 100-200 | cmp100 | cmp 170hx | cmp 50hx
            cmp 90hx | titan v | titan v ceo | titan rtx | titan xp | quadro gv100 | gv100 quadro | quadro | gv100
            dgx station v100 | tesla t4 | nvidia t4 | t4 16gb | t4 | t10 | t40 | a10 | a16 | a30 | a40 | a2 | l4
            l40 | l40s | h100 | h200 | h20 | h800 | b100 | b200 | gh200 | gb200 | k20 | k20x | k40 | k40m | k80
            m4 | m10 | m40 | m60 | p4 | p6 | p40 | p102-100 | p104-100 | p106-100 | p106 | p102 | rtx | gtx
            geforce | rtx 2080 | 2080ti | 3060 | 3070 | 3080 | 3090 | 3090ti | 4070 | 4080 | 4090 | 4090d | 5070
            5080 | 5090 | a4000 | a5000 | a6000 | rtx 4000 | rtx 5000 | rtx 6000 | rtx 8000 | a6000 ada | p5000
            p6000 | k5000 | mi25 | mi50 | mi60 | mi100 | mi210 | mi250 | mi250x | mi300 | mi300x | instinct
            radeon | radeon vii | vega 56 | vega 64 | rx 580 | rx 6800 | rx 7900 | firepro | arc a770 | xeon phi
            tpu | alveo | fpga | gaudi | ascend 910 | atlas 300 | 昇腾 | 特斯拉t4 | 寒武纪 | 摩尔线程 | 海光 | dcu
            jetson | xavier | orin
        """,
    },
    "form": {
        "sxm2": "sxm2 | sxm 2.0 | sxmii | sxm ii | smx2 | xsm2 | mxs2 | sxn2 | sx2m | sxm2接口 | sxm2版",
        "sxm3": "sxm3 | smx3 | sxm iii | sxmiii | xsm3",
        "sxm4": "sxm4 | smx4 | sxm5 | oam",
        "sxm": "sxm | smx",
        "pcie": """
            pcie | pci-e | pci express | pciexpress | pcix16 | pcie x16 | pci-e x16 | pci | pcie接口 | pcie版
            pci ex | pci exp | pic-e | pice
        """,
    },
    "noun": {
        "gpu": """
            gpu | gpus | gpu's | graphics card | graphics cards | graphic card | graphics processor | video card
            video cards | vga card | accelerator | accelerators | accelerator card | gpu card | gpu cards | gpu module
            gpu modules | gpu accelerator | compute card | compute cards | computing card | computing processor
            compute accelerator | compute gpu | module | modules | compute module | compute modules | compute board
            ai card | ai accelerator | mezzanine card | mezzanine | mezz | computational accelerator | gpu board
            processor card | tensor core gpu | gpgpu | gpu compute | gpu computing | gpu unit | gpu units | graphics
            chip module | core module | 核心板 | 显卡核心板 | gpu核心板 | 计算模组 | 显卡 | 计算卡 | 运算卡 | 加速卡
            加速器 | 模组 | 模块 | 显卡模组 | gpu卡 | gpu模块 | gpu模组 | 算力卡 | 训练卡 | 推理卡 | 图形卡 | 专业卡
            ai卡 | 深度学习卡 | 核心模块 | 裸卡 | 单卡裸卡 | 图形处理器 | 绘图卡 | 显示卡 | 运算加速卡 | 计算显卡
            grafikkarte | grafikkarten | gpu-modul | modul | module gpu | rechenbeschleuniger | beschleuniger
            beschleunigerkarte | rechenkarte | grafikprozessor | karte mit gpu | carte graphique | cartes graphiques
            carte gpu | carte video | accelerateur | carte de calcul | carte accelératrice | tarjeta grafica
            tarjetas graficas | tarjeta gpu | tarjeta de video | acelerador | aceleradora | modulo | modulos | moduli
            modulo gpu | placa de video | placa grafica | acelerador gpu | karta graficzna | karty graficzne
            akcelerator | karta gpu | modul gpu | karta obliczeniowa | moduly | scheda video | scheda grafica
            acceleratore | schede video | schede grafiche | scheda gpu | videokaart | videokaarten | grafische kaart
            grafikkort | видеокарта | видеокарты | ускоритель | модуль | グラフィックボード | グラボ
        """,
        "card": """
            card | cards | tarjetas | schede | karty | kaarten | placas | 卡 | karte | karten | carte | cartes
            tarjeta | karta | scheda | kaart | placa | kort
        """,
    },
    "server": {
        "server-4029gp-tvrt": """
            4029gp-tvrt | sys-4029gp-tvrt | ssg-4029gp-tvrt | 4029gp-tvrt2 | 4029gptvrt | 4029 tvrt
            as-4029gp-tvrt | 4029gp | sys-4029gp | 4029
        """,
        "server-nf5288m5": "nf5288m5 | 5288m5 | nf5288 | agx-2 | nf5288m5 agx-2",
        "server-dgx-1v": "dgx-1 | dgx-1v | dgx one",
        "server-dgx-2": "dgx-2 | dgx two",
        "server-c4140": "c4140 | poweredge c4140",
        "server-ac922": """
            ac922 | 8335-gth | 8335-gtx | 8335-gtg | 8335-gtw | 8335-gtc | ac922 8335-gth | ac922 8335-gtx
        """,
        "other": """
            4029gp-trt | 4029gp-trt2 | 4029gp-trt3 | sys-4029gp-trt2 | 4028gr | 4028gr-tvrt | 4028gr-trt
            4028gr-txr | 1029gq-tvrt | 1028gq | 1029gq | 9029gp | 9029gp-tnvrt | 4124go | 4124gs | 2124gq | 7049gp
            7048gr | 6049gp | 2029gp | 1029gp | sys-420gp | nf5488m5 | nf5488a5 | nf5468m5 | nf5468 | nf5488
            5488m5 | 5468m5 | nf5280m5 | nf5288m4 | nf5588m4 | nf5568m4 | r4900 | t180-g20 | t181-g20 | t180
            t181 | t181-z70 | g481 | g190 | g292 | g291 | g482 | g180 | c4130 | poweredge c4130 | c410x | c6320
            c6420 | c4145 | r720 | r730 | r730xd | r740 | r740xd | r750 | r7525 | dss8440 | t640 | t630 | xe8545
            xe9640 | dgx a100 | dgx h100 | dgx station | dgx-2h | dgx | hgx-1 | hgx-2 | hgx | hgx a100
            apollo 6500 | xl270d | dl380 | dl580 | ml350 | s822lc | 8335-gtb | 8335-gta | s812l | 8001-22c
            esc4000 | esc8000 | esc4000 g4 | esc8000 g4 | fusionserver g5500 | g5500 | g560 | x6000 | cx2560
            primergy | cx570 | sr670 | sd650 | p920 | hp z8 | z840 | precision 7920 | x785-g30 | g593 | sh g5500
            summit node
        """,
    },
    "brand": {
        "gpu": """
            nvidia | tesla | nvidia tesla | 英伟达 | 特斯拉 | n卡 | telsa | nvida | nividia | nvdia | 辉达 | 輝達
            nvidea
        """,
        "seller": """
            dell | hp | hpe | ibm | lenovo | supermicro | inspur | 浪潮 | 超微 | 戴尔 | 惠普 | cisco | pny
            gigabyte | 技嘉 | h3c | huawei | 华为 | asus | fujitsu | dell emc | hewlett packard | emc | quanta
            wiwynn | bitspower | ibm power | power system | 联想 | smci | cray
        """,
    },
    "to": {
        "to": """
            to | 转 | into | zu | auf | vers | naar | 2 pcie | 转换 | convert | converts | convert to
            converts to | converted to | turn to | auf den | na | hacia | 对 | 变成 | 转到 | 转接到
        """,
    },
}
