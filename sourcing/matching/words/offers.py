"""What a listing offers but a thing: hire, service, an empty box; cut-down memory, a choice, a set, a bare server."""

from sourcing.matching.lexicon import Table

OFFERS: Table = {
    "service": {
        "service": """
            {firmware, bios, vbios, eeprom, rom, vbios/firmware} {programming, flash, flashing, reflash, reflashing,
              update service, burning, burn, mod, modding, unlock, unlocking, recovery, restore, swap}
            programming | reprogramming | reflash | reflashing | flashing | repaste | repasting | repad | repadding
            unlock service | ship me yours | send me yours | mail me yours | your card | your own card | while you wait
            {extended, additional, extra} {warranty, warranty plan, protection plan} | warranty plan
            warranty extension
            protection plan | {express, expedited, priority, shipping} {fee, surcharge, upgrade, upgrade fee,
              shipping fee,
              shipping upgrade, shipping upgrade fee} | handling fee | additional payment | extra payment | balance due
            balance payment | final payment | difference payment | {down, advance, partial, part, upfront, first,
              instalment, installment} {payment, payments} | prepayment | downpayment | deposit | deposits
            {pre-order, preorder, reservation, booking, holding} {deposit, fee, payment, only} | preorder | pre-order
            pre-sale | presale | anzahlung | acompte | arrhes | zaliczka | caparra | anticipo | 定金 | 订金 | 预付款
            预付
            首付 | 首付款 | 尾款 | 押金 | 保证金 | 意向金 | 预定金 | 预订金 | 诚意金 | 预售 | 预定 | 补拍 | 补款
            补尾款
            补邮 | 补邮费 | 拼团 | 团购 | 众筹 | 抽奖 | 代金券 | 优惠券 | 延保 | 延长保修 | 延保服务 | 加急费 | 手续费
            服务费 | 安装费 | 打包费 | {reserved, reserve, private, custom, special, exclusive, personal,
              dedicated} {listing,
              auction, sale, order, link, item} {for} | {private, custom, reserved, reserve, reservation,
              placeholder, dummy,
              test, photo, picture, image, fake, template, draft, example, sample, trial, exclusive} {listing,
              listings,
              auction, ad, advert, ebay listing, link, item}
            reserved | reserved for | on hold | on hold for | held for | already sold to | reserviert | reserve pour
            reservado para | zarezerwowane | riservato | placeholder | place holder | photo only | image only
            picture only | {picture, photo, image, print, painting, drawing, photograph} of | digital {image, photo,
              art}
            {do not, don't, dont, please do not, please don't, pls do not, pls dont} {buy, bid, purchase, order,
              buy this,
              bid on this, buy now}
            please ignore | not for purchase | nicht kaufen | nicht bieten | ne pas acheter | no comprar | nie kupowac
            non comprare | {勿, 请勿, 别, 不要, 请不要, 切勿, 禁止, 先别, 暂勿} {拍, 购买, 下单, 拍下, 买, 付款,
              直接拍}
            {已, 已经, 被} {预定, 预订, 定出, 订出, 被定, 订了, 定了} | 客户专用 | 老客户专用 | 老客专用 | 专用链接
            私人链接
            定制链接 | 测试链接 | 占位 | 占位链接 | 占位符 | 凑单链接 | 链接勿拍 | 不发货 | 非卖 | 非卖品
            {swap, trade, exchange, swapping, trading} {only, my, considered, wanted, offer, or trade,
              or swap, trade} | will {swap, trade, exchange} my | {looking to, want to, wanting to,
              willing to} {swap, trade,
              exchange} | swap or trade | trade or swap | trade | swap | tausche | tausch | zum tausch | tausch gegen
            echange | echange contre | cambio por | intercambio | permuto | scambio con | zamienie | wymienie | ruilen
            {置换, 互换, 以物换物, 想换, 换一张, 换台, 换个} | {置换, 互换} {3090, 4090, 3080, 2080, 4080, 5090,
              a100, p100, rtx, mi50, 2080ti, 3080ti, 4060, 4070, p40}
            {1/2, 1/3, 1/4, 1/5, 1/8, 1/10, one half, one third, one quarter, fractional, partial, half,
              quarter} {share,
              shares, ownership, stake, interest} | share of | shares of | fractional | ownership | shareholding
            co-ownership | raffle | raffle ticket | lottery ticket | sweepstake | sweepstakes | ticket | tickets
            group buy | groupbuy | voucher | gift voucher | gift card | coupon | nft | token | 股份 | 份额 | 合伙
            众筹份额
            刷机 | 刷bios | 刷vbios | 刷固件 | 写bios | 烧bios | 写固件 | 烧录固件 | 烧录服务 | 刷写 | 刷写服务
            代写 | 改bios
            刷功耗 | 解锁功耗 | 换硅脂 | 换导热 | 换散热膏 | 重涂硅脂
            fee | fees | insurance | on loan | loan | invoice payment | partnership | sold out | out of stock
            spoken for
            listing closed | ausverkauft | 已售出 | 已售完 | 售罄 | 已卖 | 已出 | 升级服务
            修不好不收费 | 修不好不收 | 修不好不要钱 | 修好收费 | 包修好 | 换hbm
            per {gpu, card, node, box} {hour, day, week, month} | {cluster, machine, node} time
            by the {hour, day, week, month, minute} | repair and diagnostics
            {board level, component level, chip level, professional, gpu, graphics card, module} {repair, repairs,
              fixing}
            repair and maintenance service | diagnostics service | diagnosis | repair shop | repairs and
            repair and maintenance | rental | rentals | rent | for rent | to rent | rent out | leasing | lease | hire
            for hire | per hour | hourly | per hr | per month | monthly | per day | per week | daily rate | cloud gpu
            cloud server | cloud instance | gpu instance | vps | hosted | colocation | remote access | remote desktop
            ssh access | compute time | gpu hours | gpu time | gpu hour | time share | pay per use
            dedicated server rental | repair service | reball | reballing | repair services | we repair | i repair
            i will repair | send in | mail-in | mail in repair | service only | installation service | setup service
            consulting | consultation | support service | remote setup | remote support | testing service
            diagnostic service | data recovery | tuning service | configuration service | maintenance service
            benchmarking service | subscription | training course | course | tutorial | flash service
            bios flash service | upgrade service | fixing service | repair your | fix your | wanted | wtb | want to buy
            we buy | i buy | looking for | looking to buy | cash for | sell your | suche | achete | recherche | compro
            kupie | skup | ankauf | mieten | vermietung | zu vermieten | miete | mietserver | zur miete | location de
            location serveur | location gpu | au mois | par jour | al dia | por dia | pro tag | al mese | all'ora
            na miesiac | location vps | a louer | alquiler | se alquila | wynajem | dzierzawa | na wynajem | noleggio
            affitto | reparaturservice | reparaturdienst | reparatur service | service de reparation
            servicio de reparacion | riparazione | naprawa | reparacion de | reparation de | pro stunde | par heure
            par mois | por hora | al mes | na godziny | pro monat | aluguel | stundenweise | monatlich | alquilar
            出租 | 租用 | 租赁 | 月租 | 日租 | 时租 | 租 | 短租 | 长租 | 包月 | 按月 | 按小时 | 按天 | 月付 | 年付
            每小时 | 算力租用 | 算力租赁 | 算力出租 | 算力 租 | 云服务器 | 云主机 | 云算力 | 云gpu | 云显卡 | 云电脑
            算力平台 | 托管 | 机房托管 | 代跑 | 远程 | 远程调试 | 远程安装 | 远程协助 | 部署服务 | 环境部署 | 环境配置
            环境搭建 | 代部署 | 代安装 | 代装 | 上门 | 上门安装 | 维修 | 维修服务 | 专业维修 | 修理 | 芯片级维修
            显卡维修 | 寄修 | 换显存 | 植球 | 换核心 | 检测服务 | 测试服务 | 技术服务 | 技术支持服务 | 安装服务
            调试服务 | 教程 | 课程 | 咨询服务 | 数据恢复 | 代维 | 刷机服务 | 代刷 | 改装服务 | 加工服务 | 代购 | 代测
            改散热服务 | 清灰 | 保养 | 求购 | 回收 | 高价回收 | 收购 | 收 v100 | 长期回收 | 高价收 | 大量回收 | 补差价
            差价 | 定金 | 邮费 | 运费补 | 补运费 | 链接专用 | 专拍 | 邮费链接
        """,
        "none": """
            {no, without, zero, free, incl, plus, with, including, low} {fee, fees, insurance, loan}
            {insurance, fees} {included, paid, free, incl}
            {no, without, zero, not a, any, never, 0} {deposit, deposits, trade, swap, preorder, pre-order,
              presale, reflash, flashing, ticket, flash, programming, repasting, reserve price}
            {trade, trading} {in, ins, price, prices, seller, show, account, only prices, counter, stock, supplier}
            {hot, part, quick, easy, direct, clean} {swap, swappable, swaps, exchange} | swap out | swap-in | hot-swap
            swap in | {not, never, isn't, un} reserved | reserved {stock, inventory, units, spares}
            all rights reserved | reserve not met | low reserve
            {stock, example, actual, real, own} {photo, photos, picture, pictures, pic, pics, image, images}
            {photo, photos, picture, pictures, pic, pics, image, images} {of actual, of the actual, of actual item,
              of the exact, of exact, of item, of the item, of the actual item, of actual card, of the actual card}
            in trade | open to trades | fair trade | trade mark | trade-in | traded in | shared
            {latest, newest, updated, current, stock, original, unmodified, factory, new} {firmware, bios, vbios}
            {bios, vbios, firmware} {flashed, updated, up to date, stock, original, untouched, never flashed, upgraded}
            {already, factory, pre} {programmed, flashed, reflashed} | freshly repasted | repasted | already repasted
            {freshly, recently, newly, just, professionally, after, with, new} {repaste, repasting, repad}
            {firmware, bios, vbios} {already programmed, preprogrammed, programmed}
            {未, 没, 无, 不用, 无需, 不需, 没有, 从未, 未曾, 不, 免, 非} {刷, 刷过, 刷机, 刷bios, 刷vbios, 刷固件,
              改bios,
              刷机卡, 刷写, 换过硅脂, 换硅脂, 预定, 预售, 定金, 订金, 押金, 预付}
            {可, 支持, 七天, 7天, 包, 不支持} {换货, 置换} | 已换硅脂 | 新换硅脂 | 刚换硅脂 | 换过硅脂 | 换新硅脂
            更换硅脂
            已刷好 | 已刷 | 刷好 | 可刷 | 不议价勿拍 | {犹豫, 不诚心, 非诚, 砍价, 不买, 没诚意, 不会用,
              不会} {勿拍, 别拍, 请勿拍, 勿下单, 勿买}
            {lease, leasing, rental} {came, ended, expired, is over, over, finished, end, expiry, fleet, stock,
              ran out}
            {came, come, just, straight} off lease
            looking for {a, its, it's, another, new, good, someone} {home, new home, good home, new owner,
              next owner, second life, next home}
            {邮费, 运费} {自付, 自理, 自出, 另付, 到付, 买家出, 你出} | 回收电子垃圾价 | 电子垃圾价 | 当回收 | 按回收
            回收价出 | no rental | not a rental | not rental | not for rent | non rental | 非租 | 不是租用 | 不出租
            非出租 | 非租赁 | 远程测试 | 支持远程测试 | 可远程测试 | 远程验机 | 支持远程验机 | 可远程验机 | 远程看机
            远程验货 | 可远程看 | 可远程 | 远程演示 | 远程看 | 可提供远程 | 支持远程 | 非租用 | 云服务器拆机
            云服务器拆 | 云服务器 下架 | 云厂商 | 24小时 | 48小时 | 72小时 | 12小时 | 8小时 | 小时测试 | 小时烤机
            小时压测 | 小时发货 | 小时拷机 | 小时内 | 小时满载 | 上门自提 | 可上门 | 不支持上门 | 可上门自提 | 支持上门
            上门看货 | 上门测试 | 免维修 | 机房拆机 | 机房下架 | cloud pull | cloud provider | cloud datacenter
            cloud data center | cloud pulls | from cloud | ex-cloud | cloud decommissioned | private cloud
            from a cloud provider | cloud surplus | cloud company | reball free | not reballed | never reballed
            on location | pickup location | location france | location germany | location uk | ship location
            item location | lease return | lease returns | off lease | ex lease | end of lease | lease pull
            leasing ruckläufer | leasingrucklaufer | aus leasing | fin de leasing | post lease | poleasingowy
            poleasingowa | ex leasing | rental return | 租赁退役 | 租赁下架 | 质保维修 | 保维修 | buying multiple
            buying more | when buying | if buying | per hour warranty | cloud ready | paypal | buying in bulk
            thanks for looking | thank you for looking | thanks looking | consultation welcome | 顺丰邮费 | 邮费到付
            邮费自理 | 包邮费 | 不含邮费 | 含邮费 | 收货 | 收到 | 收藏 | 回收价 | 回收站 | 维修过 | 维修记录 | 上门取
            自提
        """,
    },
    "box": {
        "box": """
            box | empty box | box only | retail box | original box | packaging | packaging only | empty retail box
            shipping box | foam | carton | empty carton | empty packaging | packing | package only | anti static bag
            antistatic bag | shipping foam | foam insert | foam tray | blister | clamshell | static bag | esd bag
            esd tray | tray only | retail packaging | manual | user manual | owner's manual | owners manual
            user guide | quick start guide | guide | booklet | handbook | documentation | datasheet | data sheet | cd
            driver cd | brochure | leaflet | service manual | installation guide | user's guide | user's manual
            instruction manual | instructions | paperwork | certificate | ovp leer | leere ovp | leerkarton
            leere verpackung | leerer karton | verpackung | karton | originalverpackung | schachtel | handbuch
            anleitung | bedienungsanleitung | boite vide | boite | carton vide | emballage | emballage vide | manuel
            notice | mode d'emploi | caja vacia | caja | embalaje | puste pudelko | pudelko | opakowanie | instrukcja
            scatola vuota | scatola | confezione | manuale | imballo | embalagem | caixa vazia | caixa | doos
            lege doos | коробка | пустая коробка | leere box | leere schachtel | libretto | 空盒 | 空盒子 | 包装盒
            静电盒 | 海绵盒 | 外包装 | 空壳盒 | 原装空盒 | 盒子 | 空箱 | 纸箱 | 泡棉 | 包装箱 | 包装 | 外盒 | 原盒
            彩盒 | 空包装 | 说明书 | 手册 | 用户手册 | 光盘 | 驱动光盘 | 吸塑盒 | 防静电袋 | 快速指南 | 吸塑 | 托盘盒
            静电袋 | 包装材料 | 箱子 | 木箱
        """,
        "empty": """
            empty | leer | leere | leerer | vide | vacia | vacio | pusty | puste | vuota | vuoto | 空 | 空的
            仅盒
        """,
        "boxed": """
            {export, secure, safe, careful, bubble, wooden, strong, proper, professional, good, excellent, neutral,
              bulk, tray} {packing, packaging, pack, packed}
            {原封, 未拆, 密封, 带, 全新} {静电袋, 防静电袋, 袋装, 盒} | 原封包装 | 密封包装
            {箱子, 盒子, 盒, 包装, 箱说, 原盒, 原箱, 包装盒} {在, 都在, 齐, 还在, 都有} | in box | in original box
            new in box | open box | new open box | boxed | in the original box | with box | with original box
            box opened | openbox | in retail box | box included | original box included | unboxed | sealed box
            in sealed box | factory box | in factory box | bulk box | comes in box | in ovp | mit ovp | ovp | neu ovp
            originalverpackt | new sealed | no box | no manual | no packaging | nib | in box new | w box | with manual
            and box | with packaging | out of the box | out of box | in bulk packaging | bulk packaging | plain box
            new in packaging | in original packaging | good packaging | careful packaging | secure packaging
            safe packaging | anti static packaging | packed in antistatic bag | in antistatic bag | well packed
            avec boite | con caja | en caja | con scatola | z pudelkiem | w pudelku | ohne ovp | ohne karton
            sans boite | sin caja | in originalverpackung | unbenutzt ovp | black box | ai box | box fresh
            with certificate | ships in antistatic bag | in carton | factory carton | sealed carton | new in carton
            white box | 带包装 | 带盒 | 带原盒 | 无包装 | 无盒 | 包装齐全 | 原包装 | 全新原包装 | 未拆包装 | 包装完好
            带箱说 | 箱说全 | 盒装 | 工包 | 工业包装 | 散装 | 简包 | 防静电包装 | 独立包装 | 包装发货 | 木箱发货 | 原箱
            中性包装 | 静电袋包装 | 防静电袋包装 | 木箱包装 | 气泡柱 | 泡沫包装 | 原厂包装 | 有包装 | 有盒 | 纸箱包装
            真空包装 | 带包装盒 | 全套包装 | 带说明书 | 有说明书 | 送说明书
        """,
    },
    "cut": {
        "cut": """
            neutered | cut down | cutdown | cut to | limited memory | reduced memory | memory reduced
            disabled hbm | disabled memory | memory disabled | one stack disabled | stack disabled | hbm disabled
            one hbm dead | dead stack | stack dead | crippled | castrated | memory limited | usable | unlocked to
            gimped | modded memory | reduced vram | partial memory | locked to | only shows | shows only
            reports only | detects only | bad stack | missing stack | stack missing | one hbm stack
            disabled stack | memory cut | masked | stack masked | lasered | beschnitten | reduziert auf
            reduzierter speicher | bride | bridee | reducida | recortada | memoria reducida | obcieta | okrojona
            ridotta | capada | begrenzt auf | limite a | limitee a | limitada a | zredukowana | abgespeckt | 阉割
            阉割版 | 屏蔽 | 实际 | 屏蔽显存 | 缩水 | 残血 | 残血版 | 显存屏蔽 | 砍显存 | 缩水版 | 砍 | 屏蔽一颗
            魔改 | 改显存 | 精简版 | 缺显存 | 少显存 | 只有12g | 刷12g | 可用12g | 只认
        """,
        "none": """
            full memory | full 16gb usable | full 32gb usable | not neutered | not cut down | not crippled
            full vram | 满血 | 满血版 | 非阉割 | 不阉割 | 无阉割 | 无屏蔽 | 未屏蔽 | 非屏蔽 | 没屏蔽 | 不是阉割
            非残血 | 不缩水 | 实际可用 | 实际测试 | 实际成色 | 实际图 | 实际拍摄 | 以实际 | 按实际 | 实际到手
            实际为准 | 实际发货 | 实际价格 | 非魔改 | 无魔改 | fully usable | not modded | usable for
            usable with | usable in | nicht beschnitten
        """,
    },
    "choice": {
        "choice": """
            choose | select | pick | your choice | options | multiple options | option | variation | variations
            various | you choose | you pick | pick your | choose your | select your | choice of | multi options
            different versions | dropdown | drop down | either | varied | mixed | assorted | mix of | auswahl
            wahlbar | zur auswahl | nach wahl | au choix | choix | a elegir | elige | do wyboru | a scelta | wybor
            verschiedene | diverse | several models | 可选 | 多规格 | 多款 | 任选 | 选择 | 套餐可选 | 多种
            规格可选 | 都有 | 均有 | 型号可选 | 各种 | 多型号 | 可选配 | 两种 | 两款 | 咨询客服 | 选项 | 混装
            混批 | 各版本 | 多版本 | 选购 | 自选
        """,
    },
    "set": {
        "set": """
            kit | combo | bundle | full kit | complete kit | starter kit | complete set | full set | package deal
            complete system | complete server | complete build | complete rig | ready to run | turnkey | turn key
            turnkey system | ai rig | ai workstation | llm rig | complete machine | fully configured | full system
            gpu combo | whole set | komplettsystem | komplettset | komplett pc | komplettrechner | paket
            bundle mit | kit complet | systeme complet | conjunto | kit completo | sistema completo
            lote completo | kompletny | kompletny zestaw | serveur complet | assembled | 套装 | 整机 | 套件 | 全套
            整套 | 成品 | 准成品 | 一整套 | 组合 | 整机出 | 组装好 | 成套 | 单卡套装 | 双卡套装 | 四卡套装 | 套餐
            整机出售 | 整柜 | 开箱即用 | 一条龙 | 组装机 | 全家桶 | 满配
        """,
    },
    "bare": {
        "bare": """
            {stripped, reduced, taken} {down to, to} {barebone, barebones, bare, bare bones, bare chassis} | barebone
            barebones | bare bone | bare bones | bare server | bare system | bare metal | chassis and motherboard
            shell with motherboard | unpopulated | no gpu | without gpu | cto | ohne gpu | sans gpu | sin gpu | bez gpu
            senza gpu | 准系统 | 准系統 | 裸机 | 空机 | 空平台 | 准系统平台 | bare unit | ベアボーン | gpu-less
            gpuless | zero gpus | 0 gpu | 0 gpus | 0x gpu
        """,
        "none": "",
    },
    "maker": {
        "oem": """
            oem | original | genuine | stock | factory | 原装 | 原厂 | 原版 | 正品 | 原配 | d'origine | originale
            origine | originaler | oryginalny | oryginalne | authentic | originales | originali | oryginal
            official | 原装正品 | 官方 | originaux | original nvidia | originaal | orig | originalny | originele
            公版
        """,
        "after": """
            aftermarket | 3rd party | third party | generic | custom | diy | homemade | home made | 3d printed
            3d print | upgraded | modified | chinese made | replica | non-oem | tower | heatpipe tower | 国产
            自制 | 定制 | 第三方 | 仿 | 副厂 | 改装 | 非原装 | 3d打印 | 塔式 | 改造 | 通用款 | 民用 | eigenbau
            3d gedruckt | 3d-druck | nachbau | impression 3d | imprime en 3d | impresion 3d | impreso en 3d
            druk 3d | drukowany 3d | stampa 3d | wydruk 3d | stampato in 3d | snail | snail fan | dynatron
            thermalright | coolserver | 利民 | 猫头鹰 | 铝 | 铝制 | 下压式 | jonsbo | custom made | alu | aluminum
            aluminium | no-name | noname | 非原厂 | barrow
        """,
        "bykski": "bykski | byk ski | bikski | bykski官方",
        "other": """
            alphacool | ekwb | ek | barrowch | heatkiller | watercool | freezemod | corsair | swiftech | phanteks
            granzon | optimus | koolance | heat killer | iceman | syscooling | 冰曼
        """,
    },
}
