"""Things that are sold beside GPUs: catalogue parts, accessories, and what belongs to neither."""

from sourcing.matching.lexicon import Table

CATALOGUE: Table = {
    "thing": {
        "heatsink": """
            heatsink | heatsinks | heatsink shroud | heatsink cover | heat sink | heat sinks | heatsync
            heat sync | heatsinc | cooler | coolers | gpu cooler | passive cooler | passive heatsink
            passive heat sink | copper heatsink | cooling heatsink | heatsink cooler | gpu heatsink | radiator
            hs assembly | gpu heat sink | heatsink assembly | heat sink assembly | hsf | heatsink module | 散热器
            散热 | 散热片 | 散热模组 | 散热模块 | 被动散热器 | 被动散热片 | 散热铜块 | 铜散热 | 散热鳍片
            散热底座 | 风冷散热器 | kuhler | kuhlkorper | passivkuhler | gpu-kuhler | dissipateur | dissipateurs
            dissipateur thermique | radiateur | refroidisseur | disipador | disipadores | disipador termico
            dissipatore | dissipatori | radiador | radiatora | chlodzenie | cooling | радиатор | koellichaam
            koeler | kylflans | ヒートシンク | 쿨러 | dissipador
        """,
        "waterblock": """
            block | blocks | liquid cooled | water cooled | watercooled | wassergekuhlt | water block | waterblock
            waterblocks | water blocks | water cooling block | liquid cooling block | watercooling block
            water cooling | watercooling | watercooler | water cooler | full cover block | full cover waterblock
            liquid cooler | liquid block | gpu block | gpu waterblock | gpu water block | cooling block | copper block
            water cooling head | cold head | 水冷头 | 水冷块 | 水冷板 | 冷头 | 水冷 | 水冷散热 | 水冷散热器 | 水道
            微水道 | 全覆盖水冷头 | 分体水冷 | 冷排 | wasserkuhler | wasserblock | wasserkuhlung | waterblock gpu
            bloc de watercooling | bloque de agua | blok wodny | waterblok | waterblock watercooling | block wodny
            blocco acqua
        """,
        "adapter": """
            adapter | adapters | riser adapter | riser board | adapter riser | adaptor | adaptors | converter
            converters | converter card | conversion card | conversion board | adapter card | adapter board
            adapter cards | adapter boards | adapter pcb | carrier card | interposer | adaptor board
            adaptor card | 转接卡 | 转接板 | 转换卡 | 转换板 | 转接底板 | 转板 | 转接器 | 转接 | 适配器 | 适配卡
            adapterkarte | adapterplatine | wandler | adaptateur | adaptateurs | carte adaptateur | adaptador
            adaptadores | adattatore | adattatori | przejsciowka | adapterem | przejsciowki | конвертер
            переходник | адаптер | 変換
        """,
        "board": """
            board | mainboard | carrier board | carrier boards | carrier | carriers | baseboard | baseboards
            base board | gpu baseboard | gpu board tray | backplane | nvlink board | nvlink boards
            nvlink baseboard | motherboard | nvlink carrier | daughterboard | gpu carrier | gpu carrier board
            bare board | boards | pcb | main board | interconnect board | 板 | 板子 | 底板 | 主板 | 载板 | 互联板
            互联主板 | 互联底板 | 基板 | gpu底板 | gpu板 | 拖板 | nvlink板 | 转接主板 | 扩展底板 | 母板
            tragerplatine | platine | grundplatine | tragerboard | carte mere | carte porteuse | placa base
            placa portadora | plyta | plyta glowna | plyta nosna | scheda madre | scheda base | placa carrier
            moederbord | материнская плата | плата
        """,
        "plx": """
            plx8749 | pex8749 | 8749 | plx pex 8749 | broadcom 8749 | pex8749 card | avago 8749 | plx8749卡
        """,
        "cable": """
            cable | cables | cord | lead | leads | wire | wires | cabling | 线 | 数据线 | 线缆 | 公对公
            male to male | male-male | m-m | 连接线 | 延长线 | 电缆 | 高速线 | 线材 | 联机线 | kabel | cavo | cavi
            cavetto | cordon | cavos | kable | kabli | przewod | przewody | kabeln | кабель | ケーブル | 直连线
            信号线
        """,
    },
    "board": {
        "taq": "taq | taq-sxm2-4p5a5 | 4p5a5 | sxm2-4p5a5 | taq-sxm2 | taq4p5a5 | taqsxm2-4p5a5",
        "ymzx": "ymzx | 4gpu-q1 | ymzx-4gpu-q1 | 4gpuq1 | ymzx4gpuq1 | ymzx-4gpu | ymzx-q1 | 4gpu-q1板",
        "tns": "tns | 4p54 | tns-2sxm2-4p54 | 2sxm2-4p54 | 2sxm2 | tns-2sxm2 | tns-4p54",
        "39com": "39com | com39",
        "1catai": "1catai | 1cat ai | 1cat | 一猫 | 1猫 | 一猫智星 | onecat | 1catai tech | 壹猫",
        "other": """
            aom-sxmv | sxmv | aom-sxm2 | aom-sxmv-b | 852x8 | 0852x8 | 0cthr | 00cthr | 96pwg | 096pwg | x11dgo
            x11dgo-t | x11dgq | aom-sxm | d6dgr | k8k5n | p2b | hgx baseboard | nvswitch board | nvswitch
            nvlink switch
        """,
    },
    "bykski": {
        "nvv100": """
            n-nvv100-32g-x | n-nvv100 | nvv100 | n-nvv100-x | nnvv100 | bykski n-nvv100-32g-x | n-nvv100-32g
            nvv100-32g-x | n-nvv100-16g-x | nv-v100-32g-x
        """,
        "other": """
            n-tesla-a100sxm2-32g-sr | a100sxm2 | n-tesla | n-tesla-a100 | n-tesla-a100-x | n-tesla-v100
        """,
    },
    "switch": {
        "other": """
            plx8747 | pex8747 | 8747 | plx8748 | pex8748 | 8748 | 8764 | 8780 | 8796 | 8724 | 8732 | 9797 | 88096
            pex8796 | plx8796 | pex88096 | asm2824 | asm1824 | asm2812 | 8734 | pm8533 | 8733 | plx8724 | plx8732
            plx8780 | plx8764 | 8718 | plx8718 | pex 88064
        """,
    },
    "link": {
        "8654": """
            8654 | sff-8654 | slimsas | slim sas | slimline sas | slimline | slim line sas | sas slimline
            mini slim sas
        """,
        "8i": "8i | 74p | 74 pin | x8 slimsas",
        "4i": "4i | 38p | 38 pin",
        "8749 ports": """
            slimsas ports | slimsas port | sff-8654 ports | 8654 ports | slimline ports | 8i ports | 8i port
            4 port slimsas | 8i口 | 8654口 | 8i接口 | 8654接口
        """,
        "other": """
            sff-8643 | 8643 | sff-8087 | 8087 | sff-8088 | 8088 | sff-8644 | 8644 | sff-8639 | 8639 | sff-8611
            8611 | sff-8612 | oculink | mcio | mini sas | u.2 | u2 nvme | nvme | u.3 | m.2 | qsfp | qsfp28 | sfp
            breakout | y cable | splitter | hdmi | displayport | thunderbolt | ethernet | infiniband | sff-8482
            sata | sas sata | minisas | mini sas hd | sff-ta-1016 | 7.68tb | 转8643 | edsff | molex | dac | gen-z
            1 to 2 | 8i to 2x | 一分二
        """,
    },
}

OTHERS: Table = {
    "thing": {
        "device": """
            cpu | cpus | xeon | xeons | epyc | 处理器 | prozessor | ram | memory modules | memory module | ddr4
            ddr3 | ddr5 | dimm | rdimm | lrdimm | ram modules | 内存 | 内存条 | arbeitsspeicher | speichermodul
            barrette | pamiec | ssd | hdd | hard drive | hard drives | hard disk | drives | 硬盘 | 固态 | nvme ssd
            festplatte | dysk | disque dur | nic | network card | hba | raid card | raid controller | mellanox
            connectx | 网卡 | 阵列卡 | switch module | riser cage | system board | server motherboard
            backplane board | io board | 服务器主板 | x11 motherboard | hauptplatine | nvlink bridge
            nvlink bridges | nvlink桥 | 桥接器 | 桥接卡 | sli bridge | keychain | key ring | keyring | poster
            t-shirt | tshirt | mug | 铭牌 | 钥匙扣 | 摆件 | 装饰 | wall art | paperweight | 3d model | stl file
            stl | lego | display piece | framed | bare die | die only | chip only | gpu chip | bga chip | ic chip
            芯片 | 核心芯片 | hbm stack | pcb only | bare pcb | capacitor | mosfet | vrm module | connector only
            sxm2 connector | sxm2 socket connector | sxm2连接器 | 插座连接器 | meg-array | bios chip | bga
            pcb空板 | {power, smd, choke, vrm} {inductor, inductors, mosfet, mosfets, chokes, stage, stages}
            {hbm, hbm2, memory, flash, bios, eeprom, gddr} {chip, chips, stack, stacks, die, ic} | hbm2 memory chip
            hbm2 memory chips | inductor | inductors | resistor | resistors | capacitors | 电感 | 电容 | 显存颗粒
            hbm颗粒 | mos管 | bios芯片 | 供电芯片 | driver disc | license | licence | software license
            vgpu license | grid license | software
            软件 | 授权 | game | laptop | notebook | mainframe | mining rig | miner | asic | antminer
            workstation pc | gaming pc | desktop pc | pc case | monitor | 显示器 | 笔记本
        """,
        "server": """
            server | servers | gpu server | rack server | gpu system | node | compute node | gpu node
            supercomputer | appliance | workstation system | 服务器 | 整机服务器 | gpu服务器 | 平台 | 机器 | 主机
            工作站 | 一体机 | 八卡服务器 | serveur | servidor | servidores | serwer | serveur gpu | rackserver
            serwera | сервер | 서버
        """,
        "document": """
            {circuit, wiring, pinout, block, board, connection, pin} {diagram, diagrams, schematic, schematics,
              drawing,
              drawings}
            schematic | schematics | pinout | pinouts | pin out | gerber | gerbers | bom | netlist | boardview | kicad
            altium | eagle files | blueprint | blueprints | drawing | drawings | diagram | diagrams | solidworks
            {gerber, design, project, source, layout, cad, cam, step, pcb, 3d, production, board, kicad, altium,
              print, model, production} {file, files, data, drawing, drawings, zip}
            {digital, instant, file, pdf} {download, file, files, product} | pdf | reference design | design package
            product brief | white paper | whitepaper | spec sheet | specification sheet | schaltplan | schaltplane
            bauplan | bauplane | schema electrique | plan pdf | esquema electrico | schemat | schematy
            schema elettrico | 图纸 | 原理图 | 电路图 | 线路图 | 点位图 | 位号图 | 布局图 | 接线图 | 结构图 | 尺寸图
            引脚图 | 针脚定义 | 引脚定义 | 封装图 | 设计图 | 装配图 | 三维图 | 工程文件 | 源文件 | 设计文件 | 生产文件
            制板文件 | 打样文件 | pcb文件 | pcb图 | gerber文件 | bom表 | bom清单 | 3d图纸 | cad图 | cad图纸 | 电子版
            电子档 | 资料包 | 设计资料 | 技术资料
        """,
        "chassis": """
            chassis | enclosure | 机箱 | gehause | boitier | chasis | obudowa | gpu tray | 机架 | case chassis
            sled | gpu sled | 空机箱
        """,
    },
}

ACCESSORIES: Table = {
    "thing": {
        "fan": """
            fan | fans | blower | blower fan | blowers | cooling fan | cooling fans | fan kit | fan module
            fan modules | fan assembly | cooling kit | active cooler | active cooling | turbo fan | fan wall
            cooling module | cooling solution | cooling upgrade | cooling system | radial fan | server fan
            noctua | arctic fan | fan set | fan unit | fan tray | 风扇 | 涡轮风扇 | 散热风扇 | 小风扇 | 鼓风机
            涡轮 | 暴力扇 | 暴力风扇 | 风机 | lufter | luftermodul | lufterset | ventilateur | ventilateurs
            ventilador | ventiladores | wentylator | wentylatory | ventola | ventole | вентилятор | turbina
            radialventilator | ventilator | aktivkuhler
        """,
        "shroud": """
            shroud | shrouds | fan shroud | fan duct | duct | air duct | fan adapter | cooling shroud
            cooling adapter | blower adapter | fan mount | fan bracket | 120mm adapter | air shroud | cooling duct
            fan funnel | fan holder | baffle | air baffle | 3d printed shroud | airflow guide | 导风罩 | 风道
            风罩 | 导流罩 | 导风 | 风扇支架 | 风扇罩 | lufteradapter | lufterhalterung | luftkanal | conduit d'air
            tunel | tunel powietrzny | conducto | gruba | kanal powietrzny | convogliatore | tunnel
        """,
        "psu": """
            power supply | power supplies | psu | psus | power module | redundant power supply | 电源 | 电源模块
            电源模组 | netzteil | netzteile | alimentation | fuente | fuente de alimentacion | zasilacz
            zasilacze | alimentatore | power distribution | power distribution board | pdb | power board | 电源板
            breakout board | 服务器电源 | voeding | 供电板 | power brick | pdu | power backplane
        """,
        "power cable": """
            power cable | power cables | power cord | power cords | power adapter | power lead | power adapter cable
            power connector | power splitter | eps cable | 8 pin cable | pcie power cable | gpu power cable
            cpu power cable | eps adapter | power harness | psu cable | psu cables | power wire | netzkabel
            stromkabel | 电源线 | 8pin供电线 | 8p供电线 | pcie供电线 | cpu供电线 | 双8pin供电线 | 12v供电线 | 供电线
            显卡供电线 | 8pin线 | 转接线 | cable d'alimentation | cable de alimentacion | kabel zasilajacy
            cavo di alimentazione | dongle | 8p线 | pigtail | pigtails | 模组线 | power adaptor
        """,
        "bracket": """
            sticker | stickers | decal | badge | logo badge | 贴纸 | support imprime | support ventilateur
            bracket | brackets | mounting bracket | io bracket | i/o bracket | slot bracket | support bracket
            retention bracket | mounting plate | mounting kit | mounting hardware | mount | mounts | stand
            gpu stand | holder | support arm | anti sag | backplate | back plate | backplates | faceplate
            face plate | frame | frames | gpu frame | open frame | standoff | standoffs | clip | clips | latch
            背板 | 挡板 | 支架 | 背板支架 | 挡片 | 半高挡板 | 全高挡板 | 固定架 | 框架 | 机架框 | 背铁 | 铜柱
            托架 | 卡扣 | 扣具 | 金属背板 | 显卡支架 | slotblech | halterung | blende | halter | equerre | soporte
            uchwyt | sledz | staffa | support bracket kit | slotblende | ramka | montagerahmen | retention frame
            bolster plate | bolster | kit de montaje | mounting frame
        """,
        "pipe": """
            {heat, copper, replacement, liquid} {pipe, pipes} | heatpipe | heatpipes | vapor chamber | vapour chamber
            vapor chambers | vapour chambers | {copper, cooling, nickel} {base, bottom, plate, slug, core, bar, insert}
            base plate | baseplate | {fin, fins, copper fin, aluminum fin, aluminium fin} {stack, stacks, array, block}
            fins | fin | cooling fins | 铜管 | 热管 | 导热管 | 散热管 | 均热板 | 均温板 | vc均热板 | 铜底 | 铜底座
            铜片
            铜块 | 铜板 | 铜柱散热 | 鳍片 | 热管组 | 铜管组 | 导热铜片 | 导热铜块 | kupferrohr | caloduc | caloducs
            heatpipe kit | warmerohr | chambre a vapeur
        """,
        "thermal": """
            thermalpad | thermalpads | thermal pad | thermal pads | thermal paste | thermal putty | thermal kit
            thermal grease | thermal compound | thermal pad kit | ptm7950 | phase change pad | thermal interface
            pads | liquid metal | 硅脂 | 导热垫 | 导热硅脂 | 散热硅脂 | 导热贴 | 相变片 | 液金 | 导热硅胶垫
            散热垫 | 相变硅脂 | warmeleitpaste | warmeleitpads | warmeleitpad | pate thermique | pasta termica
            pasta termoprzewodzaca | pads thermiques | termopady | pad termici | almohadillas termicas
        """,
        "screws": """
            tweezers | pliers | jig | alignment jig | gauge | gasket | gaskets | o-ring | o-rings | insulating film
            kapton tape | tape | cleaning kit | spudger | wrench | torque wrench | install tool | installation tool
            removal tool | nut driver | shim | shims | copper shim | heat spreader | screw | screws | screw set
            screw kit | screwdriver | screw driver | torque driver | torque bit | torx | t15 | tool kit | hex key
            springs | spring screw | spring screws | 螺丝 | 螺丝套装 | 螺丝刀 | 批头 | 工具 | 弹簧螺丝 | 固定螺丝
            扭力 | 安装工具 | schrauben | schraube | schraubensatz | vis | tornillos | tornillo | sruby | srubki | viti
            extraction tool | plug | dust cover | 防尘盖 | dust cap | protective cover | socket cover | 保护盖 | spacer
            spacers | washer | schraubendreher | wkrety
            {socket, connector, dust, protective, protection, pin, slot, port, mezzanine, edge, contact, shipping,
              plastic, rubber, metal, end, top, bottom, acrylic, acetal, replacement, casing, shell, housing} {cap,
              caps,
              cover, covers, protector, protectors, lid, lids, casing, shell, housing, guard}
            connector protector cover | protector cover | protector | protectors | casing | outer casing | shell only
            acrylic top | acetal top | top plate | end plate | terminal cover | cold plate gasket | metal casing cover
            {seal, sealing, rubber, o, silicone, retaining, snap} {ring, rings} | seal | seals | seal kit | washers
            {spring, retention, retaining, locking, metal} {clip, clips, ring, rings, pin, pins}
            spring | rivet | rivets | nut | nuts | bolt | bolts | thumbscrew | thumbscrews | barb | barbs
            label set | labels | label | name plate | nameplate | nameplates | serial label | ribbon | lanyard | film
            insulator | insulators | insulating sheet | mylar | grommet | grommets | foot | feet | rubber feet
            dichtung | dichtungen | dichtring | dichtringe | abdeckung | abdeckkappe | schutzkappe | joint torique
            joints toriques | cache | capot | junta | juntas | tapa | uszczelka | oslona | zaslepka | guarnizione
            密封圈 | 密封垫 | 密封条 | o型圈 | 橡胶圈 | 硅胶圈 | 胶圈 | 垫圈 | 垫片 | 胶垫 | 绝缘片 | 绝缘膜 | 麦拉片
            弹簧 | 卡簧 | 弹片 | 压条 | 压板 | 扣板 | 螺母 | 螺柱 | 铆钉 | 隔离柱 | 塑料柱 | 保护罩 | 保护套 | 保护帽
            防护罩 | 防尘罩 | 防尘帽 | 防尘塞 | 防尘罩 | 盖子 | 上盖 | 盖板 | 亚克力盖 | 亚克力上盖 | 外壳 | 壳子
            金属壳
            金属外壳 | 上壳 | 下壳 | 护罩 | 罩子 | 外罩 | 顶盖 | 面壳 | 边框 | 中框 | 标签 | 标签纸 | 铭牌贴 | 替换件
            更换件 | 配件包 | 螺丝包 | 小配件
        """,
        "rail": """
            硬盘托架 | 硬盘架 | 硬盘支架 | 硬盘笼 | rail | rails | rail kit | slide rail | rack rails | rackmount kit
            导轨 | 滑轨 | schienen | rails kit | rieles | szyny | bezel | front bezel | caddy | caddies | drive tray
            hdd tray | glissieres | shipping caddy
        """,
        "riser": """
            riser | risers | riser card | riser cards | riser cable | riser cables | pcie riser | pcie risers
            pcie riser cable | extension cable | extender | pcie extension | pcie extension cable | 延长卡
            riserkarte | riser karta | 转接延长线 | 显卡延长线 | pcie延长线 | 提升卡 | riser kit | 拆分线
            bifurcation card | bifurcation riser
        """,
        "coldplate": """
            cold plate | cold plates | coldplate | coldplate assembly | liquid cooling plate | manifold
            manifolds | tubing | fittings | hose | hoses | pump | aio | aio cooler | reservoir | 水管 | 接头
            水泵 | 冷板 | quick disconnect | distribution plate
        """,
    },
}
