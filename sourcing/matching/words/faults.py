"""Words for a broken or untested thing, and those that sound like it and promise the contrary."""

from sourcing.matching.lexicon import Table

FAULTS: Table = {
    "fault": {
        "fault": """
            busted | borked | trashed | wrecked | hosed | ruined | flaky | zapped | blown | not right | project card
            needs work | soldering | resolder | knocked off | for tinkerers | tinkerer | tinkerers | repairable
            not healthy | unhealthy | sketchy | acts up | acting up | gave out | shot | mit fehler | mit fehlern
            avec defaut | con fallo | con fallos | z usterka | con difetto | verschmort | smoked | smokes | magic smoke
            let the smoke out | whatever parts | parts you can use | use for parts | burnt smell | burning smell
            no detection | no output no | went up in smoke | gave up | died | has died | kicked the bucket
            quit working | quits | no signs of life | won't run | wont run | will not run | will not start
            won't start | not starting | out of order | hors d'usage | for parts | parts only | for part | as parts
            parts or repair | for parts or repair | parts/repair | spares or repair | spares or repairs | spares repair
            for spares | spare or repair | spares and repairs | spares | for repair | or repair | repairs
            needs repair | need repair | parts unit | parts card | parts machine | parts not working
            for parts not working | parts or not working | repair or parts | donor | donor card | donor board
            organ donor | scrap | scrap gold | gold recovery | salvage | not working | non working | nonworking
            doesn't work | doesnt work | does not work | not functional | non functional | nonfunctional
            not functioning | no longer works | stopped working | won't work | wont work | inoperable | inoperative
            doesn't function | does not function | not operational | not fully working | partially working | kaput
            toast | fried | cooked | bricked | dead | doa | d.o.a | broken | faulty | defective | bad | damaged
            cracked | burnt | burned | burnt out | shorted | short circuit | failed | failing | malfunction
            malfunctioning | glitchy | unstable | without testing | sold without testing | sold without tests
            sold without test | no test done | not being tested | untested | un-tested | not tested | not been tested
            never tested | haven't tested | havent tested | have not tested | has not been tested | hasn't been tested
            can't test | cant test | cannot test | unable to test | no way to test | no way of testing
            no means to test | couldn't test | could not test | didn't test | did not test | don't have a way to test
            no equipment to test | not able to test | no ability to test | nothing to test it with
            nothing to test with | unchecked | unverified | untried | status unknown | unknown condition
            unknown status | unknown working condition | condition unknown | unknown state | not verified | no testing
            no idea if it works | don't know if it works | dont know if it works | not sure if it works
            unsure if it works | might not work | may not work | may or may not work | can't verify | cannot verify
            as-is | asis | sold as is | as is where is | sold as seen | as seen | s.a.i | as-is no returns | where is
            tal cual | tel quel | tal y como esta | not detected | not recognized | not recognised | not detecting
            undetected | isn't detected | isnt detected | is not detected | not seen by | unrecognized | not showing up
            doesn't show up | does not show up | not posting | no post | doesn't post | does not post | won't post
            wont post | no boot | not booting | won't boot | wont boot | does not boot | doesn't boot | no display
            no video | no signal | no power | does not power on | doesn't power on | won't power on | wont power on
            won't turn on | wont turn on | doesn't turn on | does not turn on | not powering on | code 43 | error 43
            code 12 | uncorrectable | vram issue | drops off the bus | fallen off the bus | falls off the bus
            falls off bus | lost from bus | overheats | overheating | with error | has error | bent pins | bent pin
            missing components | missing capacitor | missing parts | chipped | corroded | gpu lost | no hbm | core only
            practice | for practice | throws errors | won't detect | wont detect | wont be detected | defekt | defektes
            defekter | defekten | kaputt | kaputte | bastler | fur bastler | an bastler | bastlerware | ungetestet
            ungepruft | nicht getestet | funktioniert nicht | ohne funktion | ohne funktionsprufung | ersatzteile
            als ersatzteil | ersatzteilspender | teilespender | beschadigt | nicht funktionsfahig | nicht erkannt
            wird nicht erkannt | startet nicht | geht nicht | keine funktion | ohne garantie auf funktion | schrott
            als defekt | zum ausschlachten | teile defekt | fehlerhaft | pour pieces | pour piece | pieces detachees
            hs | hors service | en panne | ne fonctionne pas | ne fonctionne plus | non teste | non testee | non testes
            pas teste | defectueux | defectueuse | casse | abime | endommage | a reparer | pour reparation
            non fonctionnel | non fonctionnelle | pas fonctionnel | ne demarre pas | non reconnu | non reconnue
            en l'etat | vendu en l'etat | pour bricoleur | non detecte | pas testee | para piezas | para repuestos
            por piezas | para despiece | repuesto o reparacion | averiado | averiada | averiadas | no funciona
            no funcionan | defectuoso | defectuosa | sin probar | sin testear | no probado | no probada | estropeado
            estropeada | roto | rota | danado | danada | para reparar | no enciende | no detecta | no testeado
            despiece | tarada | para recambios | no arranca | no da imagen | uszkodzony | uszkodzona | uszkodzone
            niesprawny | niesprawna | niesprawne | nie dziala | na czesci | nieprzetestowany | nieprzetestowana
            nietestowany | nietestowana | nie testowany | nie testowana | zepsuty | zepsuta | do naprawy
            nie sprawdzony | niesprawdzony | niesprawdzona | nie wykrywa | spalony | spalona | uszkodzenie
            niewykrywana | guasto | guasta | guasti | non funzionante | non funzionanti | non funziona | difettoso
            difettosa | per ricambi | per pezzi | pezzi di ricambio | da riparare | non testato | non testata
            non testati | rotto | rotta | danneggiato | danneggiata | ricambi | non riconosciuta | non provato
            non provata | avariado | nao funciona | com defeito | nao testado | para pecas | defeito | niet getest
            werkt niet | voor onderdelen | ongetest | niet werkend | kapot | trasig | oprovad | ej testad | defekt kort
            не работает | на запчасти | нерабочая | неисправна | неисправен | не проверял | не тестировал
            под восстановление | ジャンク | ジャンク品 | 動作未確認 | 未確認 | vadne | na dily | nefunkcni | 故障卡
            坏卡 | 坏板 | 坏 | 坏的 | 坏了 | 损坏 | 报废 | 报废卡 | 废卡 | 尸体 | 尸体卡 | 残卡 | 有暗病 | 瑕疵故障
            不亮 | 不亮机 | 点不亮 | 不开机 | 无法开机 | 不通电 | 不认卡 | 认不到卡 | 认不到 | 不识别 | 无法识别
            识别不到 | 识别不了 | 烧毁 | 烧了 | 烧坏 | 炸了 | 核心坏 | 显存坏 | 显存故障 | 显存报错 | 有问题 | 有故障
            未测试 | 未测 | 没测 | 没测试 | 没测过 | 没测试过 | 没有测试 | 没条件测试 | 没条件测 | 无条件测试
            没法测试 | 没法测 | 无法测试 | 不会测 | 没环境测 | 没设备测 | 无设备测试 | 不知好坏 | 好坏不知 | 好坏未知
            好坏自测 | 不保好坏 | 不包好坏 | 不保 | 不包好 | 盲盒 | 当配件 | 配件出 | 配件卡 | 拆件 | 料板 | 料卡
            维修卡 | 待修 | 待修复 | 需维修 | 需要维修 | 要修 | 练手 | 不工作 | 不能用 | 用不了 | 死卡 | 缺电容 | 缺件
            掉件 | 掉电容 | 缺角 | 磕角 | 开不了机 | 没反应 | 驱动装不上 | 装不上驱动 | 错误43 | 代码43 | 电脑不识别
            当废品 | 修不好 | 瑕疵卡 | 不稳定 | 自行测试 | 未经测试 | 不跑 | 跑不了 | 不退不换 好坏 | 一枪不亮
        """,
        "none": """
            no returns | no return | no reserve | no issues | no issue | no problems | no problem | no faults
            no defects | no errors | no error | zero errors | 0 errors | no ecc errors | zero ecc errors
            0 ecc errors | without issues | without problems | no damage | without defects | no artifacts
            never had issues | no known issues | no bent pins | never failed | not defective | not broken
            not faulty | not for parts | not as is | not untested | not dead | not bad | not scrap | not damaged
            nothing wrong | no crashes | no mining | never mined | not mined | no corrosion | trouble free
            error free | fault free | issue free | no physical damage | no cracks | not a parts card | not parts
            no parts card | no ecc error | no dead | not junk | not cracked | never broken | never overheated
            not repaired | never repaired | if not working | if defective | if faulty | if doa | if dead
            if it doesn't work | if it does not work | if broken | if bad | doa refund | doa warranty
            doa guarantee | dead on arrival warranty | guaranteed not doa | no doa | not doa | doa protection
            doa covered | doa replacement | returns if defective | money back if | refund if | any issues
            any problem | any problems | for any issue | issues contact | problem contact | if any issue
            if any problem | if there is any problem | if you have any problem | if you have any issues
            warranty against defects | replacement if faulty | faulty units replaced | faulty replaced
            broken ones replaced | dead ones replaced | damaged in shipping | no damaged | damage free
            not a dead one | tested for errors | tested for faults | tested for defects | tested bad none
            no bad ones | kein defekt | keine defekte | nicht defekt | keine mangel | keine fehler | ohne fehler
            fehlerfrei | ohne mangel | keine probleme | ohne probleme | sans defaut | sans probleme | aucun defaut
            aucun probleme | pas en panne | pas hs | pas defectueux | sin fallos | sin errores | sin defectos
            sin problemas | no averiado | bez wad | bez uszkodzen | nieuszkodzona | nieuszkodzony | bez usterek
            bez bledow | senza difetti | senza problemi | nessun difetto | nessun problema | pas casse
            aucune panne | sin averias | ningun defecto | zadnych usterek | keine schaden | nicht kaputt | 无故障
            没故障 | 没有故障 | 非故障 | 无暗病 | 没暗病 | 没有暗病 | 无损坏 | 没坏 | 没坏过 | 不是坏卡 | 非坏卡
            不是故障卡 | 无问题 | 没问题 | 没有问题 | 有问题包退 | 有问题包换 | 有问题退 | 有问题可退 | 有问题随时
            有问题找我 | 有问题联系 | 有问题包退换 | 坏包换 | 坏包退 | 坏了包换 | 坏了包退 | 坏了退 | 坏了换
            包坏 | 坏卡包换 | 坏卡包退 | 不亮包退 | 不亮包换 | 点不亮包退 | 点不亮包换 | 不亮可退 | 不亮机包退
            故障包换 | 故障包退 | 不认卡包退 | 不认包退 | 非尸体 | 无报错 | 不报错 | 零报错 | 不掉卡 | 不花屏
            不掉驱动 | 不掉线 | 无掉卡 | 无花屏 | 无瑕疵 | 无异常 | 不是报废 | 非报废 | 任何问题 | 有任何问题
            质量问题 | 非质量问题 | 无质量问题 | 质量问题包退 | 质量问题包换 | 无短路 | 无缺件 | 未维修 | 无维修
            无修 | 无拆无修 | 没修过 | 未修 | 不是尸体 | 非料板 | 无任何问题 | 没有任何问题 | 没任何问题 | 不坏
            不会坏 | 非维修 | 非维修卡 | 一切正常 | 坏一赔 | 有问题 7天 | 问题包退 | 无显存报错 | 无显存错误
            无错误 | 没报错 | 没掉卡 | 非残卡 | 没毛病 | 有问题直接退 | 不跑包退 | 开不了机包退 | 如有问题
            如有故障 | 若有问题 | 不是废卡 | spare part number | spare part no | spare part | fru part
            no part number | part number | partnumber | part no | model no | serial no | serialnumber
            replacement part | original part | oem part | genuine part | service part
        """,
    },
}
