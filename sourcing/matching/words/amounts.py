"""Words that tell how many: lots, units, pairs, stock, and a price that is for one."""

from sourcing.matching.lexicon import Table

AMOUNTS: Table = {
    "amount": {
        "of": """
            {bundle, bulk, wholesale} lot | count | count of | units total | headcount | lot of | lots of | full set of
            complete set of | whole lot of | full lot of | set of | sets of | pack of | packs of | bundle of | box of
            case of | group of | batch of | job lot of | joblot of | bulk lot of | quantity of | total of | package of
            tray of | stack of | collection of | bunch of | x lot of | qty | qty of | quantity | quantity is | amount
            lote de | lot de | satz von | konvolut | konvolut von | zestaw | zestaw z | komplet | lotto di | lotto da
            set da | set di | set de | paquete de | pack de | paket mit | lotto | lote | ensemble de | partij van
            parti a | anzahl | menge | stuckzahl | ilosc | cantidad | quantite | quantita | bulk | joblot | job lot
            set von | 数量 | 共 | 一共 | 总共 | 合计 | 打包 | 整箱 | 一组 | 一批 | 一箱 | komplet z | lot x | set x
            bundle x | pack x | selling all | all | package deal of
        """,
        "lot": "lot",
        "pack": """
            pcs lot | piece/lot | pack | packs | set | lot bundle | er set | er pack | er lot | pack of gpus
            piece set | piece {bundle,pack,batch} | pc set | pcs set | pc lot | pcs bundle | pack lot | 连包 | er paket
        """,
        "units": """
            pcs | pc | piece | pieces | unit | units | ea | stuck | stk | st | stuks | szt | sztuk | sztuki | uds
            ud | unidades | unidad | pieces de | unites | unite | pezzi | pezzo | pz | unita | x units | items
            total | piezas | pieza | pc's | pces | pce | peices | peice | styck | kpl | exemplare | exemplaires
            of them | of these | of those | in total | altogether | all together | in the lot | in lot | in the set
            identical | nos | nos. | ct | in number | at once
            pecas | шт | штуки | штук | 枚入り
        """,
        "counters": """
            张 | 片 | 块 | 个 | 只 | 根 | 条 | 台 | 件 | 枚 | 颗 | 套 | 支 | 本 | 组 | pcs装 | 张装 | 条装 | 根装
            只装 | 个装 | 片装
        """,
        "trio": """
            dreierpack | tripack | {triple, three} {pack, set, kit, lot, bundle} | 仨 | 仨张 | 三件套 | trio | trio of
            trio de | threesome | threesome of | triplet | triplets
        """,
        "quartet": """
            viererpack | vierer-pack | {quad, quadruple} {pack, set, lot} | foursome | foursome of | quartet
            quartet of | quartett | cuarteto | quatuor | quartetto | kwartet
        """,
        "sextet": "sextet | sextet of | sixsome | sestetto",
        "octet": "octet | octet of | eightsome | ottetto",
        "pair": """
            doppelpack | doppel-pack | zweierpack | zweierset | {double, twin, dual} {pack, lot}
            {price, price is, priced, asking} {for both, for the pair, for two, both} | brace of | a brace of | twosome
            twosome of | duet | pareja | pareja de | una pareja de | duo of | twins | twin | pair | pair of | a pair
            a pair of | pairs | couple | couple of | a couple of | twin pack | matched pair | matching pair | two-pack
            paar | ein paar | par | para de | par de | paire | paire de | coppia | coppia di | duo | both | 一对 | 一双
            成对 | 两张一起 | duo pack | paarweise | un par de | une paire de | una coppia di | 俩 | 俩张 | 俩个 | 俩片
            两个一起 | a set of two
        """,
        "dozen": "half dozen | half a dozen | dozen | dozen of | a dozen | 一打",
        "available": """
            available | in stock | left | on hand | remaining | sold | available now | in stock now
            stock available | more available | still available | pcs available | for sale available
            ready to ship | verfugbar | auf lager | vorratig | vorhanden | disponible | disponibles | en stock
            dostepne | dostepnych | na stanie | disponibili | disponibile | disponiveis | lagernd | watching
            watchers | restantes | en existencia | sold already | already sold | pcs in stock | units in stock
            gpus available | cards available | units available | pieces available | units left | pcs left
            to choose from | op voorraad | i lager | w magazynie | in inventory | 可售 | 现货供应 | 库存 | 现货
            在库 | 已售 | 件库存 | 张库存 | 有货 | 可批量 | 批量 | 存货 | 大量 | 大量现货 | 大量库存
            人付款 | 人收货 | 张现货 | 张以上 | 片以上 | 以上优惠 | 张有货
            张库存现货 | 张可选
        """,
        "stock": """
            {quantity, qty, number} {in stock, on hand, avail} | inventory qty | inventory | stock of | 还有 | over
            more than | have | i have
            we have | got | max | maximum | limit | only have
            stock qty | available qty | qty available
            quantity available | available quantity | multiple | buy | when you buy | 余 | 剩 | 剩余 | 还剩
            库存有 | 有 | 仓库有 | 现有 | 余货 | 还剩下 | 最后 | 手里有 | 限购 | 买 | 拍下 | 满 | 每人限购
            还余 | 仅剩 | 只剩 | 剩下 | 月销 | discount for | discount on | discounts for | instock
            i've got | there are | last | order of | verfugbar sind | habe | ich habe | wir haben
            es sind | tengo | tenemos | hay | j'ai | j'en ai | nous avons | mam | ho | abbiamo | stan | quedan
            il reste | zostalo | rimangono | noch
        """,
        "minimum": """
            {min, minimum, minimal, min., smallest, least} {order, order quantity, order qty, order of, purchase,
              qty, quantity,
              buy, lot} | moq | min order qty | minimum | min | at least | mindestens | mindestabnahme | mindestmenge
            minimum de commande | pedido minimo | cantidad minima | minimalne zamowienie | ordine minimo
            order minimum
            {张, 片, 个, 条, 根, 块, 台, 只, 件, 套} {起, 起批, 起拍, 起售, 起订, 起卖, 起发, 起购, 起出} | 起批
            起拍 | 起售
            起订 | 起订量 | 起购 | 起批量 | 最少 | 最低起订 | 最小起订 | 最小起订量 | 最少拍
        """,
        "each": """
            {一, 1} {片, 张, 块, 个, 根, 条, 台, 卡, 只} {价, 价格, 的价, 的价格, 价位, 的钱, 单价}
            {listed, shown, asking, stated, displayed} price {is for a single, is for one, is for 1, is per}
            {price shown, price listed, listed price, price} is per {gpu, card, module, piece, unit}
            {one,1,single} {module,card,gpu,unit,piece,item,board} per {lot,listing,order,buyer,bid,sale} | per lot
            preis pro gpu | preis pro modul | preis pro karte | preis je karte | preis je modul | preis je gpu
            price per gpu | price per card | price per module | price per piece | price per unit | price per board
            price per cable | precio por gpu | precio por tarjeta | prix par carte | prix par module
            prix par piece | prezzo per pezzo | cena za 1 szt | cena za jedna | cena za karte | precio por modulo
            prezzo per modulo | each | per unit | per piece | per pc | per pcs | per card | per gpu | per module
            per item | per one | unit price | price each | priced each | apiece | a piece | a pop
            price is for one | price is for 1 | price for one | price for 1 | for one unit | for 1 unit
            for one card | for 1 card | for one gpu | for 1 gpu | for 1 pc | for 1 piece | for one piece
            one unit per | sold individually | individually | sold singly | sold one by one | price of one
            price for single | single price | single unit | single unit price | for single | is for one | is for 1
            for a single | listing is for one | listing is for 1 | this is for one | this is for 1 | one per order
            ea. price | you get one | you get 1 | buyer gets one | you will receive one | you will receive 1
            you receive one | you receive 1 | 1 per order | per heatsink | per board | per cable | per adapter
            one only | 1 only | just one | just 1 | only one | only 1 | qty 1 | quantity 1 | auction for one
            auction is for one | auction is for 1 | bid is for one | priced individually | sold per unit
            pro stuck | je stuck | stuckpreis | einzelpreis | preis pro stuck | preis je stuck | pro karte
            je karte | pro modul | einzeln | einzelverkauf | chacun | chacune | l'unite | a l'unite | la piece
            prix unitaire | prix a l'unite | par unite | par piece | piece unique | unitaire | unidad precio
            cada uno | cada una | por unidad | precio unitario | precio por unidad | precio por pieza | por pieza
            za sztuke | cena za sztuke | za szt | cena za 1 | al pezzo | cadauno | cad. | prezzo unitario
            prezzo cadauno | cadauna | per pezzo | ciascuno | ciascuna | per stuk | prijs per stuk | por peca
            cada | preco unitario | preis fur 1 | preis fur ein | preis fur eine | prix pour 1 | prix pour une
            precio de una | precio por una | prezzo per uno | за штуку | цена за штуку | per st | styckpris | 单价
            每张 | 每片 | 每个 | 每块 | 每根 | 每条 | 每只 | 每台 | 单张 | 单张价 | 单张价格 | 单片 | 单片价
            单个 | 单个价 | 单个价格 | 一张价 | 一张的价 | 一张的价格 | 一张价格 | 单条 | 单根 | 单根价 | 单条价
            单块 | 单台 | 单件 | 单台价 | 一个价 | 一片价 | 一个的价格 | 一张一张 | 按张 | 按张卖 | 可单张
            可单卖 | 单卡价 | 单卡价格 | 价格为一张 | 价格为单张 | 单只 | 标价为一张 | 标价为单张 | 标价一张
            标价单张 | 标价为单个 | 一张起 | 单张出 | 价格是一张 | 价格是单张 | 价格单张 | 为单张价格 | 一根价
            拍一发一 | 拍一件发一件 | 拍1发1 | 每卡 | 的单价 | 一卡一价
        """,
        "auction": """
            auction lot | lot number | lot no | auction number | lot nr | los nr | losnummer | lot id | item #
            item number | ref | listing # | lot num | stock no | asset | asset tag | box number
        """,
    },
    "number": {
        "2": """
            two | zwei | deux | dos | dwa | dwie | due | 两 | twee | dois | два | 二 | 2er | zweier | dwoch
        """,
        "3": """
            three | drei | trois | tres | trzy | tre | 三 | drie | три | 3er | tri
            dreier
        """,
        "4": """
            four | vier | quatre | cuatro | cztery | quattro pezzi | 四 | quatro | четыре | 4er | 肆 | vierer
        """,
        "5": "five | funf | cinq | cinco | piec | cinque | 五 | vijf | 5er | пять",
        "6": "six | sechs | seis | szesc | sei | 六 | zes | 6er | шесть",
        "7": "seven | sieben | sept | siete | siedem | sette | 七",
        "8": "eight | acht | huit | ocho | osiem | 八 | otto | 8er | восемь",
        "9": "nine | neun | neuf | nueve | dziewiec | 九",
        "10": "ten | zehn | dix | diez | dziesiec | dieci | 十 | tien | 10er",
        "12": "twelve | zwolf | douze | doce | dwanascie | 十二",
        "16": "sixteen | sechzehn | seize | dieciseis | 十六",
        "20": "twenty | zwanzig | vingt | veinte | 二十",
        "1": """
            one | ein | eine | einen | einzelne | un | une | uno | una | jeden | jedna | 一 | ein stuck | one of
        """,
    },
}
