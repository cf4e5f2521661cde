"""Words that say how the things about them stand to what is sold: without, for, out of, better than, with."""

from sourcing.matching.lexicon import Table

ROLES: Table = {
    "neg": {
        "before": """
            {stripped, devoid, emptied, bereft, free, relieved, minus, bare} of | less the | brak | ni | no | not | non
            without | w.o | minus | less | excluding | excludes | exclude | excl | not a | not an | not the | isn't
            isnt | is not | not for | lacks | lacking | missing | no longer has | does not include | doesn't include
            doesnt include | do not include | not including | not include | not come with | doesn't come with
            does not come with | doesn't have | doesnt have | has no | doesn't fit | doesnt fit | does not fit
            won't fit | wont fit | will not fit | not compatible with | incompatible with | not suitable for
            does not work with | doesn't work with | doesnt work with | won't work in | will not work in | won't go in
            never | neither | nor | sans | sin | ohne | bez | senza | zonder | uden | utan | sem | nie dziala w
            funktioniert nicht in | funktioniert nicht im | ne fonctionne pas dans | ne fonctionne pas sur
            no funciona en | no funciona con | non funziona su | non funziona in | non funziona con | does not work in
            doesn't work in | doesnt work in | does not work on | doesn't work on | passt nicht in | passt nicht
            nicht kompatibel mit | pas compatible avec | pas compatible | no compatible con | niekompatybilny z
            nie pasuje do | non compatibile con | werkt niet in | kein | keine | keinen | nicht | pas de | pas | nie
            nincs | nao | niet | geen | без | не | nem | sold without | ships without | comes without
            supplied without | it is not | these are not | this is not | you need your own | bring your own
            source your own | supply your own | provide your own | use your own | buy your own | get your own
            your own | you supply | you provide | you will need | you'll need | you need | needs | need | needs a
            requires | require | required | requires a | benotigt | benotigen | braucht | necessite | necesita
            requiere | wymaga | richiede | can not be used in | cannot be used in | don't confuse with
            do not confuse with | not to be confused with | if you add | if you have | when you add | just add | add a
            add your | add your own | you can add | once you add | you add | can't be used in | not usable in
            not supported | no tiene | no incluye | n'inclut pas | nie zawiera | nicht fur | pas pour | non include
            does not support | doesn't support | instead of a | rather than | as opposed to | 无 | 不含 | 不带 | 没有
            非 | 不是 | 不包括 | 不包含 | 不送 | 不支持 | 没 | 未含 | 不配 | 不兼容 | 不能用于 | 不适用 | 不附 | 并非
            不插 | 去除 | 不提供 | 需自备 | 自备 | 需要 | 需 | 不要 | 不可用于 | 需配 | 另购 | 需另购 | 请自备 | 不附带
            不连 | 没带 | 没送 | なし | 不需要 | 無し | 免
        """,
        "after": """
            {not in, not with, not for} {this sale, the sale, this listing, this auction, this lot, the lot}
            on request | available on request | upon request
            另拍 | 另出 | 另外拍 | 另外出 | 单拍 | 缺失 | 丢失 | 遗失 | 缺了
            {sold, available, listed, offered, to be had} elsewhere | available in my store
            available in my other listings | available in my shop | in my store | in my shop | in my other listings
            in my other listing | in my other auctions | in another listing | in other listings | in other listing
            in separate listing | in a separate listing | listed separately | not included | not incl | not inc
            not supplied | not provided | is not part of | are not part of | isn't part of | aren't part of
            is not part of the sale | is not part of this sale | not part of | not part of sale | sold separately
            sold separate | separately | excluded | removed | is not included | are not included | isn't included
            aren't included | not part of this sale | not part of the sale | not part of it | is missing | are missing
            has been removed | have been removed | were removed | was removed | are removed | stripped | taken out
            pulled out | optional | at extra cost | extra cost | costs extra | available separately | not includ
            not inclusive | not for sale | not with it | is gone | are gone | gone | kept | i am keeping
            stays with me | staying | nicht enthalten | nicht dabei | nicht inklusive | nicht im lieferumfang | fehlt
            fehlen | entfernt | separat erhaltlich | non inclus | non incluse | non inclusi | non incluso | non fourni
            non fournie | non compris | pas inclus | no incluido | no incluida | no incluidos | no incluye gpu
            nie wliczony | niedolaczony | non fournis | pas compris | pas fourni | ausgebaut | exclus | 另算 | 另外购买
            已拆 | 已拆除 | 需另买 | 另卖 | 单独出售 | 不含在内 | 不包含在内 | 除外 | 已取出 | 自己配 | 自配 | 单独购买
            另售 | 另购买 | 不在内 | 需自备 的
        """,
    },
    "for": {
        "before": """
            for | fits | fit | for use with | for use in | for use on | suitable for | designed for | made for
            compatible with | compatible | compat with | compat | works with | works in | work with | working with
            supports | support | supporting | to suit | to fit | suits | suit | ready for | use with | used with
            used in | replacement for | holds | accepts | takes | houses | intended for | meant for | ideal for
            great for | perfect for | good for | best for | excellent for | nice for | fitting | fur | passend fur
            passend zu | geeignet fur | kompatibel mit | kompatibel | pour | compatible avec | compatible con
            para | per | compatibile con | do | dla | pasuje do | kompatybilny z | voor | adatto a
            compativel com | for the | for a | for your | for my | use in | use on | was used in | 適用 | 适用于
            适配 | 支持 | 用于 | 兼容 | 可用于 | 可上 | 可装 | 可插 | 通用于 | 配套 | 配合 | 匹配 | 能上 | 能用于
            可配 | 可接 | 支援 | 对应 | 完美支持 | 可支持 | 最高支持 | 最多支持 | 可安装 | 能装 | 可搭配 | 搭配
            适合 | для | 対応 | unterstutzt | fuer | conçu pour | convient a | convient pour | apto para
            sirve para | valido para | adatta per | supporta | soporta | supporte | obsluguje | przeznaczony do
            populate with | takes up to | room for | slots for | sockets for | spaces for | space for | capable of
            up to | upto
        """,
        "after": """
            专用 | 都可用 | 卡用 | 用的 | 板用 | 适用的 | 服务器用 | ready | capable | type cooler | mount cooler
            上用 | 也能用
        """,
        "ends": """
            for sale | for ai | for llm | for llms | for deep learning | for machine learning | for inference
            for training | for gaming | for homelab | for ml | for dl | for hpc | for cuda | for local llm
            for local ai | for deepseek | for ollama | for science | for rendering | for data center
            for datacenter | for one | for 1 | for all | for both | for pickup | for auction | for research
            for computing | for collectors | for parallel computing | for stable diffusion | for fun | for cheap
            for quick sale | for blender | for ai training | for ai inference | for ai llm | for llm ai
            for the price | for any questions | for details | for more | great for llm | great for ai
            great for local llm | great for local ai | good for llm | good for ai | perfect for ai
            perfect for llm | ideal for ai | ideal for llm | great for ai llm | great for deep learning
            perfect for deep learning | fur ki | fur llm | fur ai | pour ia | pour llm | para ia | para llm
            per ia | per ai | do ai | do llm | dla ai | for nvlink | fur ki training | fur deep learning
            fur machine learning | fur lokale llms | fur lokale llm | pour deep learning | para deep learning
            per deep learning | do deep learning | do uczenia maszynowego | para inferencia
            para machine learning | 支持nvlink | 支持deepseek | 支持大模型 | 适合大模型 | 适合ai | 适用大模型
            支持ai | 支持部署 | 支持本地部署 | supports nvlink | supports cuda | for homelabs | for your homelab
            for my homelab | for home lab | for llama | for qwen | for a homelab | 支持cuda | 支持验货 | 支持测试
            支持退换 | 支持7天 | 支持自提 | 支持tensor | 支持验机 | 支持面交 | 支持定制 | up to 900gb/s | 支持通电
            适用于ai | 适用于大模型 | 适用于深度学习 | 适合深度学习 | 支持fp16 | 适合跑 | 适合本地 | 适用ai
            适用深度学习 | for folding | for mining | for students | para entrenamiento | para calculo
            pour calcul | pour entrainement | fur homelab | dla homelabu
        """,
    },
    "from": {
        "before": """
            tested in | tested with | tested on | verified on | verified in | benchmarked in | burned in on
            was installed in | were installed in | had been in | war in | war verbaut in | etait dans | estaba en
            era in | issue d'un | issus d'un | issu d'un | issues de | used to be in | was part of | were part of
            was running | was used in a | from | in his | in my | in our | in a | in an | in the | in their
            pulled from | removed from | out of | taken from | taken out of | came from | came out of | comes from
            salvaged from | harvested from | ex | off of | off a | decommissioned from | extracted from
            recovered from | straight out of | pull from | pulls from | spare from | left over from
            leftover from | surplus from | was in | was running in | ran in | lived in | aus | ausgebaut aus
            provenant de | issu de | issus de | issue de | retire de | tire d'un | sacada de | sacados de
            sacadas de | retirada de | retirado de | retirados de | retiradas de | retirada do | extraida de
            desmontada de | desmontados de | smontata da | smontati da | smontate da | extraite de | extraits de
            recuperee d'un | retiree d'un | retiree de | retirees de | demontee d'un | sortie de | sortie d'un
            wyjeta z | wyjete z | ausgebaut aus einem | entnommen aus | extraido de | extraidos de | sacado de
            procedente de | proviene de | proveniente da | wyjety z | wyciagniety z | z demontazu | pochodzi z
            estratto da | smontato da | recupere sur | recupere d'un | demonte de | demonte d'un | desmontado de
            uit | fra | från | aus einem | aus einer | ricavato da | vom | z serwera | de un servidor
            d'un serveur | da server | z rozebranego | von einem | 拆自 | 来自 | 出自 | 取自 | 源自 | 从 | 拆至
            原机 | 原装于
        """,
        "after": """
            退下来 | 退下 | 换下来 | 换下 | 撤下 | 撤下来 | 淘汰下来 | 上退下来
            dismantle | dismantled | dismantling | disassembly | removal | removals | extraction | strip down
            strip-out | teardowns | breakup | 拆下 | 拆下来 | 拆出 | 拆机 | 拆机件 | 拆 | 拆的 | 上拆 | 上拆下 | 下架
            下机 | 退役 | 淘汰 | pull | pulls | pulled | takeout | take off | takeoff | upgrade pull | decommission
            teardown | pull-out | system pull | parted out | part out | parting out | server pull | server pulls
            拆机卡 | 拆下的 | 拆机货 | 里拆 | 拆出来 | 机器拆 | 拆卸
        """,
    },
    "compare": {
        "before": """
            {核心, 芯片, 架构, 规格, 性能} {同, 近, 和, 跟, 与, 比}
            {换, 换了, 换成, 换上, 升级, 升级到, 升级了, 升级成, 上了, 改用, 准备上, 准备换, 要换, 打算换, 已换,
              已上} {3090, 4090, 5090, a100, h100, 4090d, rtx, 2080ti, pro6000, mi50, h20}
            {trade, trades, trading, swap, swaps, exchange, part exchange, px} {toward, towards, for, against, with}
            {swapped, changed, gone, went, going, jumped, migrated, migrating, stepping up, stepped up,
              traded up} {to, for}
            moved to | moving to | upgraded to | upgrading to | upgrade to | replaced by | replaced with | switched to
            switching to | making room for | than | beats | beat | vs | versus | like | like a | alternative to
            alternative for | substitute for | replaces | instead of | similar to | same as | same chip as
            same core as | same gpu as | same die as | comparable to | comparable with | equal to | equivalent to
            close to | upgrade from | upgrade over | faster than | better than | cheaper than | outperforms | rivals
            twice as fast as | as fast as | based on same | as good as | just like | same silicon as
            same architecture as | sibling of | successor to | predecessor of | predecessor to | cousin of
            budget alternative to | not as fast as | competitor to | half the price of | more vram than | besser als
            schneller als | statt | anstatt | mieux que | plus rapide que | mejor que | mas rapido que | lepszy niz
            szybszy niz | meglio di | alternative zu | alternative zur | wie | equals | same family as | next to
            also have | also selling | also available | check my other | see my other | see also | compared to
            compared with | alternativa a | comme | como | zamiast | jak | come | piu veloce di | 平替 | 替代 | 秒杀
            媲美 | 超越 | 比肩 | 优于 | 强于 | 超过 | 堪比 | 碾压 | 比 | 胜过 | 吊打 | 对标 | 完爆 | 接近 | 相当于
            代替 | 取代 | 另有 | 另售有 | 不输 | 类似 | 好过 | 快过 | 不如 | 性能接近 | 性能超 | 高于
        """,
        "after": """
            alternative | substitute | killer | replacement | equivalent | beater | competitor | rival | class
            level | successor | predecessor | 同核心 | 同款 | 平替版 | 替代品 | 同架构 | 同芯片 | 级别 | 级
            的平替 | 平替卡 | 性能 | 同级 | like performance | performance | die | chip | 替代方案 | alternativa
            同代 | 核心
        """,
    },
    "add": {
        "with": """
            with | plus | includes | including | include | incl | inc | inclusive | bundled with | comes with
            come with | along with | complete with | equipped with | fitted with | together with | free | has
            also includes | shipped with | supplied with | mounted on | installed in | installed on | mit | inkl
            inklusive | samt | avec | con | mas | z | wraz z | com | med | met | incluye | inclus les | comprend
            con el | mit den | zusammen mit | komplett mit | livre avec | incluyendo | compreso di | oraz | sowie
            ze | w zestawie z | assieme a | в комплекте | с | 带 | 含 | 送 | 加 | 附 | 配 | 赠 | 附带 | 附送
            包含 | 带有 | 加上 | 另送 | 赠送 | 配有 | 配上 | 加送 | 连带 | 包括 | 附赠 | 内含 | 含有 | 标配 | 自带
            外加 | 配好 | 装好 | 带着 | 预装 | 已装 | 已配 | 安装好
        """,
        "after": """
            included | are included | is included | all included | inclusive of | included in price | installed
            enthalten | inbegriffen | inclus | incluse | inclusi | incluso | incluido | incluida | incluidos
            w zestawie | dabei | gratis | preinstalled | pre-installed | in the box | im lieferumfang | im preis
            comprese | compris | populated | fitted | mitgeliefert | liegt bei | verbaut | fourni | fournie
        """,
        "and": """
            and | und | et | y | e | oder | or | ou | o | i | lub | en | och | og | 和 | 与 | 及 | 或 | 或者
            以及 | 跟 | as well as | и
        """,
    },
    "only": {
        "only": """
            only | alone | just | just the | only the | nur | seulement | uniquement | solo | solamente
            unicamente | tylko | soltanto | apenas | somente | solamente el | solo el | lediglich | alleine
            itself | by itself | on its own | 仅 | 只有 | 单独 | 只卖 | 仅售 | 单卖 | 只是 | 仅为 | 只出 | 单出
            只含 | 仅含 | alleen | endast | kun | только | 只发 | 仅发 | のみ | 单品
        """,
    },
}
