"""temporary while fitting"""
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spread:
    basis: str
    spread: float
    why: str
ME,MO,EX='measured-family','modelled','extrapolated'
SPREADS={('volta','llama','none'):Spread(ME,.15,''),('volta','llama','layer'):Spread(ME,.17,''),('volta','llama','tensor'):Spread(ME,.18,''),('volta','llama','row'):Spread(ME,.2,''),('volta','llama','any'):Spread(MO,.25,''),
('volta','turbomind','tensor'):Spread(ME,.13,''),('volta','turbomind','tensor-wide'):Spread(MO,.3,''),('volta','turbomind','any'):Spread(MO,.18,''),('volta','vllm','any'):Spread(MO,.3,''),
('ampere','vllm','any'):Spread(MO,.3,''),
**{(a,'llama',s):Spread(ME,.14,'') for a in('ampere','ada') for s in('none','layer')},
**{(a,'llama','none'):Spread(ME,.15,'') for a in('turing','pascal','rdna3.5')},
**{(a,'llama','any'):Spread(MO,.25,'') for a in('turing','pascal','rdna3.5','ampere','ada')},
}
SPREAD_NEW_CHIP=Spread(EX,.4,'')
DEPARTURES={'lmdeploy':Spread(MO,.15,''),'ik_llama.cpp':Spread(MO,.12,''),'power-limit':Spread(EX,.15,''),'wiring-presumed':Spread(MO,.08,''),'wiring-pcie':Spread(MO,.2,''),'tensor-and-pipeline':Spread(MO,.12,''),'many-gpus':Spread(MO,.2,''),'kernels':Spread(MO,.12,''),'compressed':Spread(MO,.2,''),'latent':Spread(MO,.1,''),'latent-many-gpus':Spread(EX,.2,''),'recurrent-kind':Spread(MO,.12,''),'streams':Spread(MO,.2,''),'many-streams':Spread(EX,.4,''),'depth':Spread(EX,.15,''),'does-not-fit':Spread(EX,.4,'')}
PREFILL_SPREAD=.3
RANGE_DEVIATIONS=1.44
LARGEST_MESH=4
MOST_MEASURED_GPUS=8
MOST_MEASURED_STREAMS=16
DEEPEST_MEASURED_TOKENS=262144
LOWEST_MEASURED_LIMIT_W={'volta':175,'ampere':150}
UNMEASURED_KERNELS={'IQ1','IQ3','int8','MXFP4'}

VALUES = {
 'memory_efficiency.volta':.95,'memory_efficiency.pascal':.85,'memory_efficiency.turing':.92,'memory_efficiency.ampere':.93,'memory_efficiency.ada':.95,'memory_efficiency.rdna3.5':.84,'memory_efficiency.other':.85,
 'sm_gb_s.F16':1250,'sm_gb_s.Q8':1300,'sm_gb_s.Q4':1200,'sm_gb_s.Q4_K':1100,'sm_gb_s.Q5_K':1100,'sm_gb_s.Q6_K':1150,'sm_gb_s.Q3_K':560,'sm_gb_s.Q2_K':450,'sm_gb_s.IQ4':900,'sm_gb_s.IQ3':550,'sm_gb_s.IQ2':430,'sm_gb_s.IQ1':350,'sm_gb_s.MXFP4':900,
 'sm_gb_s.int4':1000,'sm_gb_s.int8':1400,'sm_gb_s.nvfp4':1000,'sm_gb_s.fp8':1400,
 'dot_product.pascal.6.0':.30,'dot_product.pascal.6.1':1.3,'dot_product.rdna3.5':1.0,
 'kernel_us.llama':2.6,'kernel_us.llama.volta':3.2,'kernel_us.turbomind':2.0,'kernel_us.vllm':3.0,
 'all_reduce_us.llama':65,'all_reduce_us.turbomind.pair':17,'all_reduce_us.turbomind.quad':24,'all_reduce_us.turbomind.octet':80,
 'all_reduce_us.vllm.pair':25,'all_reduce_us.vllm.quad':30,'all_reduce_us.vllm.octet':90,'all_reduce_us.pcie':60,
 'compressed_kernels.llama':520,'compressed_kernels.turbomind':180,'compressed_kernels.vllm':260,'expert_batch_us.llama':330,'expert_batch_us.turbomind':60,'expert_batch_us.vllm':60,
 'hop_ms':.12,'row_split_us':370,'kv_gb_s.llama':450,'kv_gb_s.turbomind':330,'kv_gb_s.vllm':400,
 'latent_tflops':8,'host_ms':.25,
 'batch_tflops.llama':4.5,'batch_tflops.turbomind':15,'batch_tflops.vllm':15,
 # prefill
 'prefill_matrix.volta':.47,'prefill_matrix.pascal':.6,'prefill_matrix.turing':.4,'prefill_matrix.ampere':.45,'prefill_matrix.ada':.34,'prefill_matrix.rdna3.5':.22,'prefill_matrix.other':.35,
 'prefill_matrix.llama':1.0,'prefill_matrix.turbomind':1.0,'prefill_matrix.vllm':.85,
 'prefill_experts':.35,'prefill_unpack_ps.llama':5.0,'prefill_unpack_ps.turbomind':3.0,'prefill_unpack_ps.vllm':3.0,'prefill_attention.llama':.15,'prefill_attention.turbomind':.06,'prefill_attention.vllm':.06,'prefill_bf16_emulated':.2,'prefill_row':.25,'prefill_half_tokens':60.0,'prefill_matrix.pascal.6.1':1.2,'link_efficiency':.7,'unknown_link_gb_s':40.0,
 'static_power_fraction':.17,'decode_power_fraction':.8,'first_token_ms':30.0,
}
KERNELS={'attention':16,'recurrent':30,'latent':28,'dense':8,'experts':24,'shared':8,'norm':2,'indexer':16}
FLOPS_PER_CLOCK={('volta',None):1024,('turing',None):1024,('ampere',8.0):2048,('ampere',None):1024,('ada',None):1024,('pascal',None):256,('rdna3.5',None):512}
REFERENCE_SM_GHZ=125000/1024
RUNTIME_FAMILY={'llama.cpp':'llama','ollama':'llama','ik_llama.cpp':'llama','1cat-vllm':'turbomind','lmdeploy':'turbomind','vllm':'vllm'}
DSV4_SELECTED_ENTRIES=512
_CL={'F32':'F16','F16':'F16','BF16':'F16','Q8_0':'Q8','Q4_K':'Q4_K','Q5_K':'Q5_K','Q6_K':'Q6_K','Q3_K':'Q3_K','Q2_K':'Q2_K','IQ4_XS':'IQ4','IQ4_NL':'IQ4','IQ3_XXS':'IQ3','IQ3_S':'IQ3','IQ2_XXS':'IQ2','IQ2_XS':'IQ2','IQ2_S':'IQ2','IQ1_S':'IQ1','IQ1_M':'IQ1','TQ1_0':'IQ1','TQ2_0':'IQ1','MXFP4':'MXFP4','AWQ':'int4','GPTQ-Int4':'int4','GPTQ-Int8':'int8','FP8':'fp8','NVFP4':'nvfp4'}
def kernel_class(k): return _CL.get(k,'Q4')
