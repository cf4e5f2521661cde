"""Words that tell nothing of the part, and those of ways, lanes and speed; they keep other words from being misread."""

from sourcing.matching.lexicon import Table

PASSING: Table = {
    "lanes": {
        "lanes": """
            3.0 | 4.0 | 2.0 | 5.0 | gen3 | gen4 | gen2 | pcie 3.0 | pcie 4.0 | pcie gen3 | pcie gen4 | pcie3
            pcie4 | pci-e 3.0 | pci-e 3.0 x16 | pci-e 4.0 | pcie 3.0 x16 | pcie x8 | pcie x4 | gen5 | g3
            pcie上游
        """,
    },
    "ways": {
        "1": """
            single | single gpu | 1 gpu | one gpu | one card | 单卡 | 单路 | 单槽 | 1卡 | 一卡 | single socket
            1-way | 单gpu | 一拖一 | 单显卡 | 单口 | 单张卡 | simple gpu | single card | 1 card | mono gpu
        """,
        "2": """
            dual | dual gpu | 2 gpu | two gpu | two card | 双卡 | 双路 | 2卡 | 两卡 | 二卡 | 2-way | two way | 2路
            双gpu | 一拖二 | double | 2 socket | two socket | 双显卡 | doppel | doble | podwojny | podwojna
            doppio | zwei gpu | 2-card | dual card | 双u卡 | 两路 | 两路互联
        """,
        "4": """
            quad | quad gpu | 4 gpu | four gpu | four card | 四卡 | 四路 | 4卡 | 4-way | four way | 4路 | 四gpu
            一拖四 | 4 socket | four socket | 4 slot | four slot | 四显卡 | 4-card | quad card | quadruple | 4fach
            vierfach | 4u4卡 | 4 gpus board | vier gpu | 1拖4 | 4张卡 | quattro | cuadruple
        """,
        "8": """
            8卡 | 八卡 | 8-gpu | eight gpu | 8路 | 八路 | 8 way | octa | 8 x gpu | 一拖八 | 16卡 | 10卡 | 六卡
            6卡 | 十六卡 | 16 gpu
        """,
    },
    "speed": {
        "300": "300g | 300gb/s | 300gbs | 300gb | 三百g | 300g互联 | 300 gbps | 300g nvlink | 300g带宽",
        "nvlink": "nvlink | nv-link | nvlink2 | nvlink 2.0 | 互联 | nvlink互联 | nvlink桥接版",
    },
    "noise": {
        "noise": """
            {原装, 黑色, 黑色原装, 外观, 带, 含} 外壳 | 外壳 {完好, 轻微, 成色, 有, 无} | 统一 | 唯一 | 专一 | 单一
            plug-in | plug in | plug and play | plug n play | plug & play | double emploi
            机箱风道 | 风道好 | 风道良好 | 散热好 | 散热良好 | fan out | fanout
            both {ends, end, sides, ports, slots, directions, connectors, plugs, heads, tips} | terminal block
            cpu style | cpu-style | cpu type | 涡轮版
            涡轮卡 | 涡轮拆 | sold as | sold as one | sold as a | sold together | sold as one lot | sold as a lot
            sold as lot | as one lot | one lot | smoke free | smoke free home | pet free | dual slot | 2-slot
            two slot | single slot | double slot | double width | dual width | double wide | dual wide | full height
            full length | full profile | low profile | half height | 双槽 | full card | full height bracket included
            4096 bit | hbm2 | hbm | hbm2e | ecc | cuda | tensor | tensor core | tensor cores | fp16 | fp32 | fp64
            passive cooled | passively cooled | passive cooling | passive | air cooled | fanless | lead time
            fast shipping | free ship | free shipping | free post | free postage | free delivery | free p&p
            free returns | free return | free us shipping | free fast shipping | pulls tested | tested | working
            fully tested | tested working | tested good | works | like new | as new | grade a | warranty | us seller
            us stock | uk stock | eu stock | vat | with vat | incl vat | including vat | inc vat | ex vat | exc vat
            excl vat | plus vat | plus shipping | with warranty | with invoice | invoice | with nvlink | with ecc
            with tracking | plus postage | plus p&p | without tax | ohne mwst | inkl mwst | incl. shipping
            including shipping | inkl versand | avec facture | sans frais | con factura | con garantia | con iva
            iva incluida | iva inclusa | sin iva | z vat | faktura vat | bez vat | avec garantie | mit garantie
            mit rechnung | z gwarancja | cooling required | heatsink mount | fan header | fan headers | fan connector
            fan port | fan interface | 风扇接口 | 风扇口 | 风扇插座 | power connectors | dual 8 pin | 8 pin | 6 pin
            双8pin | 8p供电 | 8pin供电 | eps | eps 8 pin | 供电接口 | 双8p | cpu 8pin | pcie 8pin | 6层 | pcie power
            供电 | pcie 8pin供电 | 8p | slots | ports | sockets | full bandwidth | half price | no bifurcation
            no bifurcation needed | no bifurcation required | without bifurcation | 免拆分 | 无需拆分 | 不需要拆分
            免拆 | 无需主板拆分 | need bifurcation | requires bifurcation | no tax | no import | no customs
            no import duty | no vat | no scratches | no rust | no dust | no warranty | without warranty
            no low ballers | no lowballers | no offers | no trades | no swaps | no paypal | no time wasters | no ship
            no shipping | no pickup | no cod | no smoke | no refund | no refunds | no crypto | no exchange | no rush
            no longer need | no longer needed | not needed | no need | no longer using | not used | never used
            not been used | not used for mining | never used for mining | not a mining card | no mining card
            not mining | non mining | no mining use | no gaming | not for gaming | no display output
            no display outputs | no video output | no video outputs | no video out | no display ports | no display out
            no hdmi | headless | no driver needed | no overclock | not overclocked | never overclocked | no throttling
            no hdcp | no box just card | not refurbished | no refurb | not new | no fake | not fake | no scam | no joke
            not lhr | not a typo | no bids | not cheap | no sale | no hidden | no heat issues | no limit | no lowball
            non refundable | no nonsense | no bs | no rma | no coil whine | no fan noise | no noise | 非矿卡 | 非矿
            不是矿卡 | 无矿 | 非矿机 | 没挖过矿 | 没有挖过矿 | 未挖矿 | 没挖矿 | 不挖矿 | 无税 | 不含税 | 含税 | 不退换
            不退不换 | 不退 | 不议价 | 不讲价 | 不还价 | 不刀 | 不包邮 | 包邮 | 非诚勿扰 | 不拆卖 | 不单卖 | 不零售
            无理由 | 7天无理由 | 七天无理由 | 无理由退换 | 不支持退换 | 没怎么用 | 没用过 | 不带货 | 无发票 | 不开票
            不含票 | 带票 | 含票 | 非全新 | 非翻新 | 无翻新 | 不是翻新 | 无磕碰 | 无划痕 | 无锈 | 未使用 | 没拆过
            无视频输出 | 无显示输出 | 无输出接口 | 不带显示输出 | 没有显示输出 | 无显示接口 | 无噪音 | 无压力 | 无需
            不锁 | 无锁 | 无偏 | 非改 | 非假货 | 不是假货 | 非拆机 | 不限速 | 不限购 | 没有套路 | 没时间 | 无中间商
            无敌 | 无损 | 非商家 | 带保 | 带质保 | 送货 | 送人 | 加钱 | 加群 | 加微 | 支持退货 | 支持分期 | 加强 | 加厚
            配置 | 配件 | 连接 | 送达 | 带电 | 附近 | 附图 | 送礼 | 含运费 | 含运 | 带发票 | 送顺丰 | 含顺丰 | 带测试
            带测试视频 | 包括运费 | 带视频 | 带票价 | 含增值税 | 含13税 | 带宽 | 带走 | 带壳 | 超频 | 新卡 | 原卡
            好卡 | 矿卡 | 拆机原卡 | 卡友 | 网卡口 | 显存 | 拿卡 | 换卡 | 卡皇 | 出卡 | 比例 | 比较 | 对比 | 性价比
            同行 | 同步 | 同城 | 上海 | 上手 | 上架 | 上车 | 以上 | 马上 | 上新 | 上市 | 上线 | 晚上 | 上机 | 装机拆
            少量 | 多少 | 不少 | 至少 | 减少 | 缺货 | 缺点 | 未拆封 | 未拆 | 拆封 | 拆机95新 | 从未 | 从来 | 从容
            光速 | 单纯 | 订单 | 下单 | 简单 | 单位 | 清单 | 菜单 | 单精度 | 双精度 | 在线 | 线上 | 线下 | 光线
            数据线接口 | 同时 | 上门 安装 免 | 插槽 | 插座 | 插口 | 性能强 | 高性能 | 性能稳定 | 性能测试 | 性能好
            性能爆表 | 性能炸裂 | 核心数 | 流处理器 | cuda处理器 | stream processors | stream processor | 整机拆
            整机拆下 | 整机拆下来 | 整机拆机 | 整机拆出 | 整机拆卖 | 流处理器核心 | cuda核心 | tensor核心 | 张量核心
            单独包装 | 级联 | 企业级 | 数据中心级 | 服务器级 | 工业级 | 顶级 | 高级 | 超级 | 专业级 | 级别高 | 拆机级
            升级 | 组合套 | 组装服务器 拆 | 配置单 | 拆车 | 少有 | 纯净 | 纯原装 | 纯铜 | 全铜 | 免维护 | 板载 | 板卡
            老板 | 模板 | 面板 | slot | socket | 2 slot card | 单张 显卡 | 清仓 | 仅此 | 只要 | 仅需 | 只需 | 只此
            仅支持 | 只支持 | 仅限 | 只换不修 | 只换 | 只退 | 只包 | 仅测试 | 只测 | 仅拆机 | 仅拆封 | 只用 | 仅用
            只用过 | auction is for | listing is for | sale is for | offer is for | bidding on | you are bidding on
            you are buying | auction for | listing for | vendus ensemble | vendues ensemble | cooling not an issue
            benchmarked | stress tested | 900gb/s | 1 year | data center | datacenter | data centre | rechenzentrum
            centre de donnees | centro de datos | free gift | gift | receipt | gpu server card | gpu server module
            server grade | server class | enterprise server | server card | server gpu | server gpus | servers gpu
            server graphics card | server accelerator | workstation gpu | workstation card | 服务器显卡 | 服务器卡
            服务器gpu | 服务器计算卡 | 服务器加速卡 | 工作站显卡 | serveur carte | server grafikkarte | graphics output
            gpu z | gpu burn | gpuburn | nvidia-smi | burn in | dl server gpu | no brainer
        """,
        "purpose": """
            ai | llm | llms | deep learning | machine learning | 大模型 | 深度学习 | 人工智能 | 机器学习
        """,
    },
}
