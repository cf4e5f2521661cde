"""Words of harm of every kind, and the grammar of what does not work, was not tested, or is sold as scrap.

``harm`` names a harm, so that a "no" some words before denies it ("no sign of cracks"); ``fault`` is said of the thing.
"""

from sourcing.matching.lexicon import Table

HARMS: Table = {
    "fault": {
        "harm": """
            {ecc, memory, vram, hbm, driver, dram, pcie, bus, link, nvlink, cuda, parity, correctable,
              uncorrectable} {error, errors}
            {ecc, memory, hbm, driver, detection, power, thermal, stability, boot} {issue, issues, problem, problems,
              fault, faults}
            {water, liquid, physical, heat, fire, smoke, flood, esd, transit, shipping, corner, pin, board, die,
              pcb} damage
            {damage, crack, cracks, error, errors, defect, defects, issue, issues, problem, problems, fault, faults,
              failure, failures}
            artifact | artifacts | artefact | artefacts | artifacting | artefacting | hiccup | hiccups | glitch
            glitches | glitching | wobble | wobbles | hang | hangs | hanging | freeze | freezes | freezing | crash
            crashes | crashing | lockup | lockups | lock-ups | stall | stalls | stalling | dropout | dropouts | flicker
            flickers | flickering | stutter | stutters | stuttering | fails | malfunctions | instability | misbehaviour
            quirk | quirks | flaw | flaws | fracture | fractures | burn mark | burn marks | burns | scorch mark
            scorch marks | scorching | corrosion | corroding | oxidation | rust | gouge | gouges | leak | leaks
            leaking | abuse | trauma | knocks | xid | xid errors | xid error | bit flip | bit flips | remapped rows
            row remap | row remaps | row remapping | retired pages | pending pages | page retirement | page retirements
            retirements | double bit | double-bit | dbe | dbes | sbe | sbes | bsod | blue screen | bluescreen
            black screen | blackscreen | corruption | dead hbm
            missing {cap, caps, capacitors, resistor, resistors, smd, smds, component, inductor, inductors, bits,
              ball, balls, pin, pins, mosfet, mosfets, choke, chokes}
            {lifted, torn, cut, damaged, broken, scratched} {pad, pads, trace, traces} | short to ground | shorts
            defekte | fehler | macke | macken | wasserschaden | aussetzer | abstürze | panne | pannes | fallos
            averias | bledy | usterki | 故障 | 问题 | 花屏 | 报错 | 黑屏 | 蓝屏 | 绿屏 | 白屏 | 短路 | 断路 | 掉卡
            掉驱动 | 掉线 | 掉链子 | 暗病 | 异常 | 死机 | 卡死 | 宕机 | 重启 | 闪退 | 闪屏 | 崩溃 | 虚焊 | 脱焊 | 空焊
            开裂 | 裂纹 | 裂痕 | 崩角 | 掉角 | 掉点 | 磕碰伤 | 硬伤 | 内伤 | 毛病 | 进水 | 水渍 | 锈迹 | 锈蚀 | 生锈
            氧化 | 腐蚀 | 变形 | 弯针 | 断针 | 歪针 | 掉焊盘 | 掉盘 | 断线 | 烧痕 | 烧点 | 糊味 | 冒烟 | 起泡 | 鼓包
            throttle | throttles | throttled | throttling | thermal {throttle, throttling, throttles} | {runs,
              running, run,
              gets, getting, very, really, too, a bit, rather} {hot, very hot, too hot, really hot, a bit hot, warm}
            漏电 | 漏液 | 掉速 | 降速 | 降频 | 温度高 | 高温 | 超温 | 温度过高 | 温度异常 | 温度偏高 | 撞温度墙
            掉频 | 报码 | 坏块 | 坏点 | 坏页 | 坏道 | 飞线 | 补焊 | 断角 | 摔伤 | 磕伤
            划断 | 击穿 | 过热 | 抽风 | 罢工 | 异响
        """,
        "fault": """
            smashed | snapped | torn | ripped | gouged | scorched | charred | singed | melted | popped | blew | blew up
            bent | warped | twisted | crushed | squashed | mangled | shattered | fractured | splintered | corroded
            rusted | oxidised | oxidized | flooded | soaked | submerged | drowned | leaked | lifeless | deceased
            defunct | dud | duds | duff | knackered | buggered | bust | banjaxed | munted | cactus | rooted | stuffed
            borken | wonky | janky | dodgy | iffy | ropey | ropy | temperamental | finicky | erratic | intermittent
            intermittently | sporadic | sporadically | randomly | unreliable | hung | froze | frozen | locks up
            locking up | reboots | rebooting | conked | conked out | croaked | perished | snuffed | nonstarter
            non starter | non-starter | inop | u/s | unserviceable | unusable | useless | worthless
            beyond {repair, saving, economic repair, economical repair, hope} | write off | write-off | written off
            totaled | totalled | condemned | goner | goners | corpse | carcass | zombie | doorstop | casualty | autopsy
            guinea pig | resurrect | resurrection | revive | revival | rescue project | restoration project
            fixer upper | fixer-upper | diy repair | diy fix | hot air station | easy fix | simple fix | fixable
            to fix
            needs {fixing, repairing, attention, reflow, reflowing, reball, reballing, rework, help, tlc, love,
              surgery, a fix, a repair}
            needs {some work, some love, some attention, some tlc, new die, recapping, diagnosis, investigation,
              troubleshooting, fixed}
            needs {repaired, a little work, a reflow, a reball, resoldering, a new}
            needing {repair, attention, work, love, tlc}
            {requires, require, wants} {repair, repairs, attention, rework, reballing, reflow, fixing, work}
            on the {fritz, blink, way out, bench} | on its last legs | up the spout | up the creek
            {gone, went, goes} {pop, bang, dead, dark, west, phut, kaput, bad, wrong, haywire, silent, belly up,
              up in smoke, bust, poof}
            {packed, gave, given, giving} {up, in, up the ghost, out} | bit the dust | gone to silicon heaven
            passed away | six feet under | r.i.p | rip | for bits | for scrap | for salvage | for harvest
            for harvesting | for components | for chips | for recycling | for recovery | for refining | for breaking
            strip for | stripped for | scrapped
            for {tinkering, hobbyists, hobbyist, fixers, repairers, repairer, repairmen, experimenters, experiments,
              tinkerer, restorers}
            hobbyist only | for the brave | for scientists | ewaste | e-waste | weee
            {took, taken, had, suffered, got} {a knock, a hit, a fall, a tumble, a beating, a drop} | dropped
            was dropped | fell | fallen | vanishes | vanished | disappears | disappeared | disappearing | vanishing
            {drops, dropping, falls, fell, goes, going, cuts, drop} {out, off, offline, dead, over, off the bus,
              off bus}
            {shuts, shutting, switches, powers, turns} {down, off, itself off} | trips | tripping psu | dying | dies
            quits | croaks | throws {errors, error, xid, codes, a code, an error, faults} | throwing {errors, xid}
            throttles to | degraded | degrading
            {dead, bad, failed, down, lost, missing, broken, faulty} {lane, lanes, link, links, channel, bank,
              nvlink, sensor, vrm, phase}
            {nvlink, link, lanes, channel} {down, dead, broken, degraded}
            nvlink {not working, does not work, doesn't work, fault} | only {trains, links, runs, negotiates} {at, as}
            hit and miss | hit or miss | hit-and-miss | on and off | comes and goes
            works {sometimes, intermittently, on and off, at times, occasionally, for a while, until, partly,
              partially}
            unknown {if, whether, state, status, working state, functionality, fault} | your own risk | own risk
            buyers risk | buyer's risk | at risk | caveat emptor
            {no, without, zero, not any} {guarantee, guarantees, promise, promises, warranty} {it works, of working,
              it will work, of function}
            {not, un} guaranteed {to work, working} | sold without guarantee of function
            {failed, fail, fails, failing} {qc, test, tests, testing, diag, diags, diagnostics, memtest, burn-in,
              burn in, stress test, post, self test}
            {didn't, did not, does not, doesn't} {pass, survive, make it} | rma reject | qc reject | rejected | reject
            rejects | {qc, test, diag} {fail, failed, failure}
            {not, isn't, isnt, is not, aren't, are not, wasn't, was not, not being, not getting, not always,
              no longer, non, no longer being} {seen, detected, recognized, recognised, found, listed, visible,
              enumerated, enumerating, posting, booting, starting, working, responding, responsive, showing,
              showing up, powering up, powering on, turning on, coming on, coming up, lighting up, functioning,
              functional, operational, initializing, initialising, training, running, stable, reliable, healthy,
              right, well, alive, ok, okay, good, great, working right, working properly, working well,
              fully functional, 100%, perfect working}
            {does not, doesn't, doesnt, do not, don't, dont, did not, didn't, didnt, won't, wont, will not,
              would not, wouldn't, wouldnt, can't, cant, cannot, can not, could not, couldn't, couldnt, no longer,
              never, refuses to, refuse to, refusing to, fails to, fail to, failed to, failing to, unable to,
              stopped, quit, quits, hardly, barely, ceased to, not able to} {work, works, worked, working, run, runs,
              boot, boots, boot up, post, posts, power, power on, power up, power on, powers up, powers on, turn on,
              turns on, start, starts, start up, fire up, come on, comes on, come up, comes up, wake, wake up,
              respond, responds, detect, detects, detected, recognize, recognise, show, shows, show up, shows up,
              appear, appears, initialize, initialise, init, enumerate, load, train, link, light up, function,
              functions, read, register, be seen, be detected, be recognized, be recognised, get detected, see it,
              complete, finish, pass}
            {does not, doesn't, doesnt, do not, don't, dont, cannot, can't, cant, could not, couldn't, unable to,
              no longer} {get it to, get it, get this to, make it, have any way, know if, guarantee, promise,
              confirm, say if, tell if}
            {not, never, haven't, havent, have not, hasn't, hasnt, has not, had no, wasn't, was not, weren't,
              been not, yet to be, not yet, not been, never been, not fully, not properly, not being, haven't been,
              havent been, have not been, hasn't been, have yet to be, not had} {tested, tried, verified, validated,
              checked, checked out, benchmarked, inspected, proven, confirmed, functionally tested,
              functional tested, bench tested, put in, evaluated}
            {haven't, havent, have not, not, didn't, did not} {dared, bothered, had time, had chance, had the chance,
              gotten around}
            {no, not the, without, lack, lack the, lacks, lacks the, lacking, don't have the, do not have the,
              don't have a, do not have a, don't have, do not have, dont have, no suitable, no proper, no compatible} {
              means, way, equipment, rig, server, system, board, hardware, socket, adapter, machine, facilities,
              facility, setup, tools, host, gear, time, ability, knowledge, opportunity, possibility, carrier,
              motherboard, slot, chance} {to test, to check, to try, to verify, for testing, of testing, to confirm,
              to power, of checking, to see if, of knowing}
            {no, without, lacks, limited, zero} {test, tests, testing, tested, testing done, functional test,
              function test, testing available, post-test}
            {no, never any, zero} {output, picture, image, sign of life, life, signs of life, response, led, leds,
              lights, heartbeat, activity, bios, post screen, power on, function}
            {shows, showing, has, with, have, got, having} {no life, no signs of life, fault, faults, a fault,
              a problem, problems, an issue, issues, a crack, cracks, a defect, defects, some issues, few issues,
              burn, burn marks}
            {for parts, spares, parts, repair, project, donor, repairs} {only, or not working, not working, use,
              purposes, unit, card, gpu}
            totally dead | dead on arrival | presumed {dead, bad, faulty, broken, working}
            assumed {dead, bad, faulty, broken}
            {suspect, suspected, probably, possibly, likely, maybe, perhaps, believed, assume} {dead, bad, faulty,
              broken, defective, fault, vrm, hbm, core, short, memory}
            suspect | suspected | suspicious | questionable | doubtful | dubious | no good | nogood | n/g | ng
            not good | {no, not, non} {workable, operative, operable, serviceable, usable} | unrepaired | unfixable
            unbootable | tot | hinuber | ausgefallen | abgeraucht | durchgebrannt | abgebrochen | verbogen | verbogene
            verbogener | kein bild | keine {moglichkeit, testmoglichkeit, testumgebung} | funktion unbekannt
            zustand unbekannt | nicht {prufbar, testbar, geprueft, gepruft, testen} | zum basteln | wird nicht gefunden
            ohne {prufung, test, gewahr auf funktion} | ungepruft | ausfall | instabil | sturzt ab | hangt sich auf
            grille | grillee | mort | morte | ne s'allume {pas, plus}
            n'est {pas, plus} {detecte, detectee, reconnu, reconnue} | crame | cramee | etat inconnu | a bidouiller
            sans garantie de {fonctionnement, marche}
            {pas pu, pas pu le, pas pu la, impossible de, impossible a} {tester, verifier}
            {aucun, plus aucun, sans} {signe, signe de vie, signal, affichage, image} | refacciones | para refacciones
            no {prende, jala, sirve, responde} | descompuesta | bloque | plante | instable
            pas de {signal, test, image} | pas {fonctionnelle, stable, teste} | vendue en l'etat | vendu en l etat
            quemada | quemado | muerta | muerto | no da {video, senal, imagen} | fallando | falla | estado desconocido
            sin {garantia de funcionamiento, test, comprobar, verificar}
            no {comprobado, comprobada, testeada, arranca, se detecta, la detecta, lo detecta, reconoce, reconocida}
            inestable | bruciata | bruciato | morta | morto
            non {parte, accende, si accende, rilevata, rilevato, va, verificata, verificato, avvia} | da sistemare
            da riparazione | stato sconosciuto | instabile | martwa | martwy
            nie {startuje, odpala, wstaje, reaguje, sprawdzona, sprawdzalem, mam jak sprawdzic} | stan nieznany
            bez sprawdzenia | niestabilna | stuk | niet {gecontroleerd, herkend, gevonden} | onstabiel
            voor de onderdelen
            {没, 未, 没有, 无法, 没法, 不敢, 没敢, 未经, 没能力, 不会, 没条件, 没有条件, 没环境, 没有环境, 没平台,
              没有平台, 没设备, 没有设备, 没机器, 没主板, 没底板, 没转接, 没板子, 没地方, 没工具, 没空, 没时间, 懒得,
              来不及, 未能, 不方便, 暂未, 还没, 还没有, 尚未, 从未, 未做, 未进行, 没做, 没做过, 不支持} {测, 测试,
              试, 试过, 验证, 验, 检测, 上机测试, 通电测试, 开机测试, 上电测试, 测好坏, 测过, 验机, 检查, 跑过}
            {无法, 没法, 不敢, 没敢, 没能力, 不会, 没条件, 没有条件, 没环境, 没平台, 没设备, 没机器, 没工具, 懒得,
              未能} {上电, 通电, 上机, 点亮, 点机, 开机, 试机}
            {不, 不太, 不能, 不会, 不可, 无法, 没法, 没能, 未能, 不再, 老是不, 有时不, 偶尔不, 经常不} {亮, 认, 开机,
              工作, 识别, 启动, 运行, 通电, 上电, 点亮, 进系统, 出图, 转, 通, 稳, 稳定, 正常, 能用, 好使, 灵, 读,
              读取, 加载, 装驱动, 打驱动, 过测, 跑满, 跑, 输出, 显示, 被识别, 正常工作, 正常使用, 正常识别}
            {不, 无法, 不能, 没法, 不敢} {确定, 保证, 确认, 清楚, 知道, 晓得, 保, 包, 承诺} {好坏, 好不好, 能不能用,
              是否正常, 能用, 能亮, 功能, 状态, 能否使用, 工作, 正常, 没问题, 好, 质量}
            {认, 读, 找, 点, 亮, 开, 跑, 检测, 识别, 进, 过, 测, 驱动装, 装, 修, 上, 打, 刷, 连, 启动, 显示, 加载,
              驱动, 驱动打, 带, 转, 连接} {不到, 不了, 不上, 不起来, 不动, 不出, 不亮, 不出来, 不了机, 不过, 不上电,
              不来}
            驱动不了
            {再没, 再也没, 没再, 就没, 后来没, 现在没, 突然没, 然后没, 再也不, 就不, 突然不, 后来不, 现在不} {亮过,
              亮, 反应, 认过, 认, 开过, 开机, 动静, 识别, 工作, 点亮}
            {挂, 死, 坏, 崩, 废, 炸, 烧, 凉, 寄, 断, 裂, 糊, 歇菜, 阵亡, 报销, 牺牲, 嗝屁, 罢工, 跪, 残, 瘫, 黑, 摔,
              碎} {了, 掉, 掉了, 过, 坏, 断, 坏了, 裂, 的}
            冒过烟 | 摔 | 挂卡 | 趴窝
            {有, 有点, 存在, 带, 出现, 会, 偶尔, 经常, 时不时, 老是, 总是, 一直, 间歇性, 随机} {毛病, 暗病, 故障,
              问题, 报错, 死机, 掉卡, 花屏, 裂, 裂纹, 缺陷, 硬伤, 虚焊, 烧痕, 短路, 异常, 残, 掉, 重启, 黑屏, 卡死,
              掉驱动, 不稳}
            {当, 做, 作, 按} {废品, 配件, 料板, 尸体, 残次, 残次品, 摆件, 坏的, 坏卡, 故障, 标本, 收藏, 练手, 垃圾,
              零件}
            残次 | 残次品 | 次品 | 瑕疵品 | 废品 | 垃圾 | 练手板 | 标本 | 供体 | 拆料
            {需, 要, 需要, 得, 待, 可, 能, 自行, 自己, 需自行, 建议} {修, 维修, 植球, 重植, 补焊, 加焊, 换核心,
              换显存, 做板, 修复, 返修, 处理, 检修}
            给懂的 | 懂的来 | 懂修的 | 会修的 | 大佬自修 | 修过没好 | 能修 | 有能力修 | 修好
            {缺, 少, 掉, 丢, 没了, 碰掉} {电容, 电阻, 电感, 元件, 件, mos, 芯片, 针, 针脚, 元器件, 小件, 料, 颗粒,
              核心}
            核心裂 | 核心崩 | 核心碎 | 磕掉 | 压坏 | 压裂 | 压碎 | 烧焦 | 烧黑 | 烧穿 | 烧糊 | 核心氧化 | 好坏
            好坏都有 | 好坏不保 | 好坏自理 | 后果自负 | 风险自担 | 赌卡 | 赌货 | 开盲盒 | 听天由命 | 品控不保
            售出不退 好坏 | 不带保 好坏
            {一, 两, 二, 三, 1, 2, 3} {槽, 路, 条, 个槽, 个口, 口, 通道} {不通, 不认, 不亮, 坏, 不识别, 挂了, 故障,
              失效}
            不良 | 不良品 | 不合格 | 次货 | 处理品 | 缺陷 | 缺陷品 | 问题卡 | 异常卡 | 带病 | 带伤 | 疑难 | 坏件
            返修件 | 有伤 | 失效 | 失灵 | 没显示 | 无显示 | 没信号 | 无信号 | 没输出 | 没动静 | 无反应 | 没有反应
        """,
        "partial": """
            {only, just} {one, 1, two, 2, three, 3, half, some, one of them, one of these, one of the two, one of two,
              part} {works, work, working, tested, is working, are working, boots, runs, functions, is good, is ok,
              detected, good}
            {one, two, three, some, half, most, half of, only some, few, a few} {of them, of these, of those,
              of the two,
              of the lot, them} {works, work, working, is working, are working, boots, is dead, tested, not working}
            {一张, 一片, 一块, 一个} {好, 能用, 正常} | {好, 坏} {一张, 一片, 一块} | 一好一坏 | 有好有坏
        """,
        "unrun": """
            {not, never, haven't, havent, have not, hasn't, not been, never been, not yet, yet to be} {powered,
              powered on, powered up, plugged in, fired up, switched on}
            {没, 未, 没有, 从未, 还没, 尚未, 未经} {上电, 通电, 上机, 开机, 点亮, 点机, 试机}
        """,
        "none": """
            {no, never, without, zero, not, any, won't, doesn't, does not, un} {throttle, throttles, thermal
              throttling, thermal throttle, throttled, overheating}
            {耐, 抗, 防, 避免, 不怕, 无惧} {高温} | {高温} {老化, 测试, 烤机, 拷机, 环境, 焊} | 不高 | {不, 无, 没,
              未, 不会,
              从不, 告别, 没有, 绝不} {高温, 降频, 超温, 温度高} | 温度高低 | runs warm and fine | hot deal | hot sale
            {just, price, prices, further, price just, recently, price has been, prices have been} dropped
            dropped {in price, price} | price {drop, drops, dropped} | drop ship | drop shipped | drop-in
            fell in price | rip off | unknown {hours, usage, mileage, brand, age, runtime, vendor, buyer}
            for parts {store, shop, number} | {burn, torture, crash, hang} {test, tested, testing} | frozen price
            hang on
            {tested, checked, inspected, screened, verified} {for, against, free of} {damage, errors, error, defects,
              issues, faults, artifacts, cracks}
            {guaranteed, warranted, insured, covered} against {defects, damage, failure, failures, faults, doa}
            {fix, fixed, flat} price | fixed price | dead {cheap, quiet, silent, reliable, simple, stable}
            error {correction, correcting, correction code} | shipping damage insurance
            no {hassle, worries, drama, fuss} | bad pixel free | crash course | hang tag | {fail, failure} rate
            low failure rate | bent bracket | bad credit | sometimes available | bad boy | bad boys | badass
            sick performance | wicked | insane | killer price | crazy price | broken {seal, factory seal} | seal broken
            box damaged | damaged {box, packaging} | torn {box, packaging} | to fix your | broken up | broken down lot
            {vi, very} good | last legs no | stable {and reliable, as a rock} | melts llms | smashes | crushes
            {无, 没, 没有, 未, 不, 零, 绝无, 从未, 从无, 从不, 未曾, 不会, 并无, 杜绝, 非} {死机, 重启, 花屏, 黑屏,
              蓝屏, 掉卡, 掉线, 报错, 暗病, 毛病, 硬伤, 内伤, 虚焊, 进水, 摔, 摔过, 变形, 氧化, 裂, 裂纹, 开裂, 缺角,
              弯针, 生锈, 烧, 短路, 断针, 磕碰伤, 坏块, 坏点, 坏页, 掉件, 飞线, 补焊, 过热, 异响, 宕机, 掉驱动, 掉速,
              降频, 掉频, 烧痕, 磕角, 崩角, 掉角, 挂, 坏过, 炸, 卡死, 闪退, 缺件, 少件, 拆修, 修过, 维修过}
            {死机, 重启, 花屏, 黑屏, 掉卡, 报错, 坏了, 暗病, 不亮, 不认, 不认卡, 不稳定, 不能用, 点不亮, 认不到,
              有问题, 有故障, 有暗病, 有毛病, 故障, 坏, 挂了, 死卡, 不识别} {包退, 包换, 可退, 可换, 秒退, 秒换,
              包赔, 直接退, 直接换, 退款, 随时退, 随时换, 免费换, 退货, 换货, 换新, 必退, 必换, 赔, 包修, 全退,
              退全款, 无条件退, 无理由退}
            {好坏, 有无暗病} {包退, 包换, 可验} | 可验好坏 | 包好 | 包好坏 | 保好 | 保好坏 | 包上机 | 包点亮 | 包亮
            包亮机 | 包测试 | 包识别 | 不掉链子 | 不烧钱 | 烧机 | 烧机测试 | 黑色 | 花费 | 可修改 | 修改 | 断货 | 断码
            断电 | 断舍离 | 挂牌 | 挂号 | 挂着 | 挂单 | 挂闲鱼 | 挂很久 | 挂了很久 | 挂了几天 | 摔价 | 死磕 | 废话
            废话不多说 | 废话不说 | 残值 | 不会修图 | 能修 图 | 重启大模型 | 氧化铝 | 氧化镁 | 问题不大 | 售后问题
            问题可问 | 问题咨询 | 有问题请咨询 | 有问题咨询 | 有问题问客服 | 有疑问 | 不能刀 | 不能少 | 不能再低
            不通用 | 不正常价 | 不跑单
        """,
    },
}
