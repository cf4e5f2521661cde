"""Words of the look of a defect that are said of sound goods."""

# What is done to sound goods: participles.
_PARTICIPLES = """
    accelerated accepted accessed acquired activated adapted added addressed adjusted adored advanced advertised
    affiliated aggregated agreed aided aimed aired aligned alleged allowed amoled amplified anchored animated
    annotated anodised anodized applied appreciated approved archived armored arranged asked assembled assigned
    assisted associated assorted assured attached attested attributed audited augmented authenticated authored
    authorised authorized automated babied backed bagged based batched benched benchmarked billed binned bleed
    blended blessed booked boosted bounded boxed branded breed brushed bubblewrapped budgeted buffered bulked
    bundled burned cabled cached calculated calibrated called captured cared cased catalogued categorised
    categorized cautioned centered centralized certified chained changed charged checked cherished cited claimed
    classed classified cleaned cleared clocked closed coated coded collected colored combined commissioned committed
    compared compiled completed composed compressed computed conditioned configured confirmed connected considered
    consolidated constructed contained containerized contributed controlled converted cooled coordinated corrected
    counted coupled covered cpued crated created cubed curated customised customized cycled dated decentralized
    declared decommed decommissioned decorated dedicated deferred defined deinstalled delegated delivered demanded
    demoed depalletised deployed derived described designed desired detailed detected determined developed
    dimensioned directed disassembled discontinued discounted dismantled dismounted dispatched displayed
    dispositioned distributed divided documented doubled downclocked downgraded donated downloaded downsized drilled
    ducted dusted earned edited elapsed embed embedded enabled encased enclosed encoded encouraged encrypted enforced
    engineered enhanced ensured entered equipped estimated evaluated exceed exchanged excited executed expanded
    expected expedited exported extended extracted extruded factored featured federated filled filtered finalised
    finalized financed finished finned firmed fitted fixed flashed flavored focused followed forged forked formatted
    formed fulfilled functioned funded furnished fused gated gathered geared gebrauchted generalized generated
    gifted governed graded grained granted greed grounded grouped guaranteed guided handled happened hardened
    harvested headed heated highlighted hinged hinted hosted hotswapped housed hundred identified idled imaged
    implemented implied imported improved included indeed indexed indicated informed injected inspected inspired
    installed insured integrated intended interested introduced inventoried invoiced involved isolated issued
    itemised itemized joined judged keyed kindred kitted knurled labeled labelled landed lapped lasered launched
    layered learned leased ledded licensed lidded liked limited linked liquidated listed lived loaded loaned
    localized located locked logged looked looped loved lowered machined mailed maintained managed manufactured
    mapped marked marketed matched measured mentioned merged metered migrated milled mined minted mirrored modded
    moded modeled modernized molded monitored motivated moulded mounted moved multithreaded naked named narrated
    needed negotiated nested networked normalized notched noted notified numbered observed obtained offered
    offloaded opened operated opinionated optimised optimized orchestrated ordered organised organized orientated
    oriented originated overclocked overprovisioned overstocked owned packaged packed padded painted paired
    palletised palletized pampered parallelized parameterized parceled parked parsed parted partitioned passed
    pasted paused perforated performed personalised personalized phased photographed picked pictured pinned pitched
    placed planned plated played pledged plugged polished pooled populated ported posted powered preconfigured
    predefined predicted preferred preinstalled preloaded preowned prepped presented preserved pressed pretested
    pretrained priced printed proceed processed produced profiled programmed projected promised proofed proposed
    protected proved provided provisioned published pulled punched purchased qualified quantised quantized queued
    quoted racked rackmounted ragged raised randomized ranked rated ribbed riveted rolled rounded routed rugged
    sacred sampled sandboxed sanitised sanitized satisfied saved scaled scanned scheduled scoped scored scraped
    screened sealed seated secured selected separated serialised serialized served serviced settled shaped shared
    shelved shielded shipped shopped showed shred signed simplified simulated sized skinned sleeved slotted soldered
    sophisticated sorted sourced spaced spared specced specialised specialized specified speed sponsored squared
    stacked staged stamped standardised standardized started stated stepped stocked stored streamed streamlined
    stressed stresstested striped stripped structured studied styled subjected submitted succeed suited supervised
    supplied supported surplused swapped switched synced synchronized tagged tailored taped targeted taxed templated
    tended terminated tested themed threaded throttled tiered tiled timed timestamped tinned titled topped touched
    toughened traced tracked traded trained transferred translated transported treated tried triggered trimmed
    trusted tuned turned typed undervolted unified united unlimited unneeded updated upgraded uploaded upscaled
    utilised utilized vacated vacuumed validated valued vectorized vendored vented ventilated verified versioned
    viewed visited waited walked wanted warehoused warranted warrantied washed wasted watched watercooled weighed
    weighted welcomed welded whitelisted wicked wiped wired worked wrapped zeroed zipped
"""

# Not negations, or negations of a harm.
_PREFIXED = """
    disassembled discipline disclosure discontinued discord discount discounted discounts discourse discover
    discovering discovers discovery discreet discrete discs discuss discussion discussions dismantled dismantling
    dismount dismounted distance distinct distribute distributed distributing distribution distributions distributor
    district distro malta miscellaneous misma mismatched mismo missing mission mistake mistral mistrals
    noncommercial nonetheless nonprofit nonsense nonstop nonworking unabused unbeatable unbegrenzt unbelievable
    unbenutzt unbenutzte unbeschadigt unbeschadigte unblemished unbox unboxed unbranded uncompromised uncut
    undamaged undocumented unflashed unfold ungebraucht ungebrauchte ungeoffnet unleash unlike unlimited unlisted
    unlock unlocked unmanaged unmarked unmarred unmatched unmetered unmined unmittelbar unmodified unmolested
    unmounted unneeded unofficial unopen unopened unpack unpacked unpacking unpaired unparalleled unplugged
    unpopulated unprivileged unraid unreal unregistered unrestricted unrivaled unrivalled unscratched unsealed unser
    unsere unsigned unsloth unsold unsupervised unten until untouched unused unusual unverbastelt unverbaut unwanted
    unworn unwrapped
"""

# Lacks that are no loss, and words that only end like one.
_LESS = """
    angelos anillos anstandslos articulos artless batteryless blameless bless borderless boundless brushless
    cableless careless carlos caseless castillos contactless countless defectless diskless doubtless drahtlos
    driverless dustless effortless endless fanless faultless fehlerlos flawless frameless gapless gerauschlos
    grillos hassleless headless hermosillos kilos kostenlos lautlos limitless lossless luckenlos makellos matchless
    modulos nahtlos nevertheless noiseless nonetheless odorless painless paperless peerless priceless problemlos
    reckless regardless restless riskless scratchless screwless seamless serverless silos smokeless solos spotless
    stainless stateless stressless stufenlos tadellos timeless tireless titulos toolless tornillos tubeless unless
    vinculos wireless wordless
"""

SOUND_PARTICIPLES = frozenset(_PARTICIPLES.split())
SOUND_PREFIXED = frozenset(_PREFIXED.split())
SOUND_LESS = frozenset(_LESS.split())
