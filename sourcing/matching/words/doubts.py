"""Words that bode ill without saying what is broken. They refuse what would be accepted, and decide nothing else."""

from sourcing.matching.lexicon import Table

DOUBTS: Table = {
    "fault": {
        "doubt": """
            {engineering, qualification, qual, test, pre-production, preproduction, es, qs, dummy, mechanical,
              non working,
              display, evaluation, eval} {sample, samples, unit, units, version, board, module, card, silicon}
            engineering sample | sample | samples | prototype | prototypes | prototyp | preproduction | pre-production
            mockup | mock-up | mock up | dummy | 工程样品 | 工程样卡 | 工程版 | 工程卡 | 样品 | 样机 | 样卡 | 测试版
            测试样 | es版 | qs版 | es卡 | es 版 | 模型机 | 模型卡 | 仅展示 | 只展示 | 展示 | 展示品 | 展示机 | 陈列
            slow | slowly | slower | slows | slowdown | slows down | sluggish | laggy | lag | lags | underperforms
            underperforming | below {spec, specs, specification, average, normal, par, expectations, expected}
            {lower, less, worse, slower} than {spec, specs, spec'd, normal, expected, specification, others, usual,
              it should,
              advertised, rated} | under spec | out of spec | reduced {bandwidth, clocks, clock, speed, performance,
              power} | {clock, clocks, speed, speeds, performance, bandwidth} {drop, drops, dropping, dips, falls,
              fall}
            {half, low, reduced, lower} {speed, performance, clocks, score, scores, bandwidth}
            {跑分, 性能, 速度, 频率, 带宽} {偏低, 低, 不足, 减半, 只有} | unknown | sometimes | occasionally
            gamble | a gamble | lucky dip | take a chance | take a punt | a punt
            lottery | don't know
            {read, pls read, please read, must read} {first, description, carefully, desc, notes, details, all, full}
            {read, pls read, please read, must read} the description | please read | pls read | read before
            read everything | microscope | soldering iron | hot air | rework | reflow | reflowing | surgery
            {hit, struck, run over, killed, chewed, stepped, trodden, kicked, nuked, taken out, caught, bitten,
              got at, eaten, attacked, cooked, damaged} {by, on, in a}
            {shows up, works, boots, detected, appears, seen, recognised, recognized, posts, runs} {once,
              now and then, occasionally, at times, on a good day, one time, one in, only when, only if, only after,
              if you, for minutes, for seconds}
            residue | stain | stains | stained | sticky | gunk | mould | mold | moldy | soot | ash | dripping | wet
            damp | moisture | spill | spillage
            {resets, restarts, reboots, throttles, locks, shuts, turns, powers} {itself, randomly, under, when,
              after, during}
            a short | has short | short circuit | refurbishers | for refurbishers
            {not, isn't, aren't, never} {what, as, quite, really, entirely, completely} {it should, expected, right,
              healthy, working, well, stable, happy}
            unfit | unsound | unwell | unsafe | mishap | mishaps | misfire | misfires | disrepair | misread | misreads
            bitte lesen | beschreibung lesen | lire annonce | lire description | leer descripcion | leggere descrizione
            przeczytaj | fatal | fubar | snafu | mubar | kaboom | boom | zap | zaps | shaky | shakes | sick | sickly
            poor | poorly | weak | weakened | weakness | worn out | trouble | troubles | troubled | troublesome
            problematic | deficient | deficiency | decay | decaying | deformation | distort | distorts | distortion
            disaster | disruption | destroys | devastated | wreck | wrecks | wrong | worst | worse | worsening | ruin
            ruins | rot | rotten | rots | puncture | pierce | jams | choke | chokes | collapse | collapses | corrupt
            corrupts | contamination | sabotage | panic | panics | kernel panic | scream | screams | spits | spit
            smoke | smoking | fumes | flames | fire | struggle | struggles | struggling | suffer | suffers | suffering
            terminal | terminally | terrible | terribly | horrible | awful | horrid | crap | crappy | shit | shite
            shitty | sucks | stubborn | neglect | bashing | bash | whack | whacked | wack | lost | loses | losing
            loss | limp | limps | lame | hurt | hurts | wound | wounds | bleed | bleeding | ill | ailing | ailment
            deadly | death | ghost | haunted | corpse | odd | oddity | oddities | strange | strangely | weird | weirdly
            weirdness | funky | bizarre | suspicion | uncertain | uncertainty | unclear | doubt | doubts | afraid
            fear | alas | unfortunately | sadly | regrettably | apologies | warning | beware | caution | careful now
            waste | garbage | trash | junk | rubbish | mess | messed | messed up | nightmare | headache | mystery
            puzzle | puzzles | confuses | lightning | surge | overvoltage | overvolted | esd hit | static hit | zapping
            bootloop | boot loop | boot-loop | reboot loop | loop | looping | brick | bricks | display purposes
            display only | for display | display use | show piece | showpiece | decoration | decorative | decor
            ornament | exhibit | museum | shelf queen | wall display | conversation piece | coaster | teaching aid
            teardown video | education only | art project | artwork | blind | sold blind | as found | as received
            as collected | as removed | as they are | as they come | as it is | as it comes | as it stands
            as pulled condition | tel quelle | così com'e | cosi come | wie besehen | wie er ist | gekauft wie gesehen
            gekauft wie besehen | stan jak na zdjeciu | sprzedaje jako | non runner | nonrunner | non-runner
            not a runner | skills | skilled | know what you are doing | know how | knows how | knows what
            clever person | someone clever | someone handy | handy person | someone who | somebody who | anyone who can
            expert | experts only | electronics engineer | engineer needed | bench power supply | multimeter
            oscilloscope | schematic | boardview | microsolder | microsoldering | bga | bga work | bga station
            preheater | rework station | reballing skills | half dead | half working | barely | hardly | limping
            last gasp | end of life card | life left
            no {takers, idea, clue, reply, joy, luck, dice, bueno, go, worky, workie, response, comms, communication,
              recognition, lights}
            can't {figure, tell, say, promise, get, seem, see, find} | cannot {figure, tell, say, promise, see, find}
            couldn't {get, figure, find} | could not {get, figure, find}
            something {wrong, is wrong, off, is off, amiss, broke, loose} | went wrong | gone wrong | rattle | rattles
            rattling | loose {part, parts, component, chip, die, cap} | smell | smells | smelly | burnt out
            noise under load | buzzing | squeal | coil squeal | hot spot | hotspot | overheat | over heats
            over heating | runaway | meltdown
            for {study, dissection, dissecting, cannibalising, cannibalizing, autopsy, learning, teaching,
              a challenge, challenge}
            {hbm, die, core, chip, chips, gpu die} {harvest, harvesting, donor, transplant, swap} | donor use
            cannibalize | cannibalise | dissect
            {xid, code, error, err} {8, 12, 13, 31, 43, 45, 48, 61, 62, 63, 64, 74, 79, 92, 94, 95, 119} | dmesg errors
            errors in dmesg
            {slot, socket, gpu, port, channel, lane, module} {0, 1, 2, 3, 4, 5, 6, 7, 8} {dead, bad, does, not,
              won't, fails, failed, missing, faulty, broken}
            {does, do, did, will, would, can} not {see, read, find, take, hold, keep, accept, power, charge, load,
              run, link, talk, communicate}
            看描述 | 看说明 | 看清描述 | 看清再拍 | 看清楚再拍 | 慎拍 | 小白勿拍 | 小白勿扰 | 小白别拍 | 小白绕道
            新手勿拍 | 新手慎拍 | 不懂勿拍 | 不懂别拍 | 不懂勿扰 | 介意勿拍 | 介意慎拍 | 懂货来 | 懂行的来 | 会弄的
            会搞的 | 能搞的 | 有能力的 | 动手能力 | 爱好者 | {驱动, 代码, 错误, 报, 报错, code} {43, 12, 10, 31, 28}
            43 | 拿去研究 | 研究用 | 做研究 | 学习研究 | 教学 | 教具 | 展示用 | 装饰用 | 观赏 | 接触不良 | 时好时坏
            半死 | 半死不活 | 只能当 | 当料 | 就没 | 没了 | 一直涨 | 涨 | 狂涨 | 飙 | 乱码 | 乱跳 | 抖 | 闪 | 跳 | 卡顿
            坏 | 死 | 挂 | 烂 | 裂 | 断 | 破 | 碎 | 崩 | 焦 | 糊 | 烧 | 炸 | 爆 | 锈 | 霉 | 漏 | 渗 | 潮 | 泡水 | 淹
            撞 | 砸 | 磕 | 碰 | 压坏 | 弯 | 歪 | 翘 | 掉 | 脱 | 残 | 瘸 | 哑 | 瞎 | 疯 | 乱 | 弱 | 差 | 怪 | 险 | 赌
            疑 | 病 | 伤 | 废 | 尸 | 亡 | 毁 | 损 | 蚀 | 短路 | 错 | 误 | 熄 | 停 | 灭 | 丢 | 失 | 退化 | 修 | 焊 | 植
            救 | 治 | 医 | 复活 | 砖 | 变砖 | 料 | 零件 | 缺 | 虚 | 鬼 | 惨 | 悲剧 | 可惜 | 遗憾 | 不幸 | 无奈 | 诡异
            奇怪 | 莫名 | 偶发 | 偶尔 | 有时 | 有时候 | 一会 | 一会儿 | 过会 | 就死 | 就挂 | 就黑 | 就掉 | 就卡
        """,
        "but": """
            but | however | except | although | though | unless | aber | jedoch | mais | sauf | pero | excepto | ma
            tranne | ale | maar | 但 | 但是 | 可是 | 只不过
        """,
        "none": """
            {not, non, no, isn't, never, not a, not an} {engineering sample, engineering samples, es, sample, slow,
              prototype,
              dummy, es sample, a sample}
            sample {photo, photos, picture, pictures, pic, pics, image, images, shown, pictured}
            {slow, slower} {shipping, sale, sales, seller, season, delivery, post, mail, day} | {非, 不是, 无} {es,
              es版,
              工程版, 工程卡, 样品, qs, 工程样品, 测试版} | {图片, 照片, 实物, 功能, 效果} 展示 | 样品图 | 样张
            {sticker, paste, thermal, adhesive, glue, label, tape, tim, pad} residue
            no {regrets, doubt, doubts, trouble, mess, fire, waste, caution, loss, losses, stress, smell, smells,
              jams, rattle, rattles}
            won't be {disappointed, sorry} | never {looked back} | {sad, sorry} to see | waste no time | lost my job
            lost interest | fire {sale, sales, price, deal} | on fire deal | firesale | smokes the | smoke and pet free
            lost space | odd lot | odd lots | odd bits | not odd | death of a | wreck free | loss of space
            weird price | {wrong, other} {order, purchase, part ordered, item ordered} | bought wrong | ordered wrong
            wrong size for me | bought by mistake | ill health | weak pound | waste of space sitting | blind spot
            blind mate | display port | museum grade | {display, video} output | closed loop | loop tested | in a loop
            lost packaging | lost the box | fire up | fires up | fired up | not {won, blind} | won at auction
            won in auction | no loss | no idea about | expert {tested, seller, packed, packing}
            {tested, checked, packed, repasted, cleaned} by {expert, experts, engineer, engineers, skilled technicians}
            bga parts | 死磕 | 爆款 | 爆满 | 爆炸性能 | 性能爆炸 | 爆表 | 火爆 | 爆降 | 爆改 | 引爆 | 燃爆 | 断货
            断码 | 断电 | 断舍离 | 断供 | 不差 | 差不多 | 无差 | 误差 | 偏差 | 差评 | 无差评 | 零差评 | 差旅 | 相差
            差别 | 停产 | 停服 | 停用 | 停业 | 停机 | 停机拆 | 停运 | 停止 | 业务停 | 项目停 | 失望 | 失业 | 失败率
            不失 | 损耗 | 破损包赔 | 破损 包赔 | 破损补寄 | 破损赔 | 损坏包赔 | 运输损坏包赔 | 拍错 | 买错 | 错拍
            买错了 | 拍错了 | 错过 | 别错过 | 不容错过 | 莫错过 | 不错 | 很不错 | 成色不错 | 误拍 | 误购 | 勿误 | 不误
            无误 | 无差错 | 闪送 | 闪发 | 闪电 | 闪电发货 | 闪存 | 跳楼价 | 跳蚤 | 跳水价 | 跳水 | 挂着 | 挂牌 | 挂单
            挂闲鱼 | 挂脖 | 掉价 | 掉漆 | 修改 | 装修 | 免修 | 未修 | 无修 | 无拆修 | 没拆修 | 未拆修 | 无拆无修 | 不修
            没修 | 没修过 | 未修过 | 未维修 | 原装未修 | 包修 | 保修 | 三年保修 | 一年保修 | 质保修 | 返修率 | 返修率低
            低返修 | 焊接 | 未焊 | 无焊 | 无补焊 | 没补焊 | 焊接工艺 | 植入 | 救急 | 用料 | 料足 | 真材实料 | 塑料
            资料 | 爆料 | 材料 | 料号 | 物料 | 物料号 | 料盒 | 送料 | 意料 | 原料 | 料理 | 缺钱 | 急缺钱 | 不缺
            不缺件 | 一件不缺 | 一卡不缺 | 缺一不可 | 不虚 | 不虚标 | 虚拟 | 虚拟机 | 虚拟化 | 短信 | 短期 | 短时间
            缩短 | 短款 | 短版 | 短卡 | 碰撞 | 无碰 | 无磕 | 没磕碰 | 未磕碰 | 少磕碰 | 轻微磕碰 | 小磕碰 | 磕碰
            外观磕碰 | 有磕碰 | 轻微掉漆 | 破解 | 突破 | 爆破 | 潮流 | 高潮 | 矿潮 | 潮玩 | 险些 | 保险 | 运费险
            送运费险 | 带运费险 | 赠运费险 | 退货险 | 风险 | 无风险 | 零风险 | 怪物 | 性能怪兽 | 怪兽 | 无疑 | 毫无疑问
            疑问 | 病毒 | 无病 | 弱电 | 强弱 | 不弱 | 弱光 | 伤不起 | 无伤 | 外伤 | 无外伤 | 无硬伤 | 不伤 | 丢失包赔
            不丢 | 不丢失 | 损失 | 歪果仁 | 乱砍价 | 乱砍 | 别乱砍 | 勿乱砍 | 乱杀 | 混乱 | 不乱 | 乱拍 | 弯头
            弯针 口 | 弯管 | 直弯 | 转弯 | 脱手 | 急脱手 | 脱机 | 脱销 | 脱颖 | 摆脱 | 死角 | 无死角 | 死线 | 不死机
            毁灭 | 治理 | 医疗 | 医院 | 医院拆 | 学习 | 烧录 | 烧烤 | 烧机 | 烧钱 | 烧卡 测试 | 不烧 | 拷机 烧 | 发烧
            发烧友 | 发烧级 | 爱好者福利 | 虚焊无 | 有时间 | 有时差 | 鬼才 | 惨淡 | 亏本 | 血亏 | 压断 价 | 裂变 | 分裂
            崩价 | 价格崩 | 崩盘 | 崩盘价 | 碎片 | 砖家 | 敲砖 | 板砖 | 金砖 | 糊涂 | 焦点 | 漏发 | 漏液 无 | 捡漏
            捡漏价 | 漏洞 | 捡个漏 | 大漏 | 防潮 | 防潮袋 | 防锈 | 防水 | 撞色 | 砸锅 | 砸手里 | 砸 手里 | 疯抢 | 疯狂
            哑光 | 残值 | 残保 | 坏账 | 熄火价
        """,
    },
}
