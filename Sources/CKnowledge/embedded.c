// Written by Scripts/embed from the files in Schemas/ and Presets/.
#include "knowledge.h"

static const unsigned char file_0[] = {
#embed "../../Presets/ai-toolkit/recipe.json"
};
static const unsigned char file_1[] = {
#embed "../../Presets/kohya-gui/recipe.json"
};
static const unsigned char file_2[] = {
#embed "../../Presets/kohya/recipe.json"
};
static const unsigned char file_3[] = {
#embed "../../Presets/models.json"
};
static const unsigned char file_4[] = {
#embed "../../Presets/onetrainer/recipe.json"
};
static const unsigned char file_5[] = {
#embed "../../Presets/onetrainer/sdxl-lora-first-attempt.json"
};
static const unsigned char file_6[] = {
#embed "../../Presets/optimizers.json"
};
static const unsigned char file_7[] = {
#embed "../../Presets/presets.json"
};
static const unsigned char file_8[] = {
#embed "../../Presets/simpletuner/recipe.json"
};
static const unsigned char file_9[] = {
#embed "../../Schemas/activations/auraflow-v03.json"
};
static const unsigned char file_10[] = {
#embed "../../Schemas/activations/chroma1.json"
};
static const unsigned char file_11[] = {
#embed "../../Schemas/activations/cosmos2.json"
};
static const unsigned char file_12[] = {
#embed "../../Schemas/activations/flux1-dev.json"
};
static const unsigned char file_13[] = {
#embed "../../Schemas/activations/flux2-dev.json"
};
static const unsigned char file_14[] = {
#embed "../../Schemas/activations/flux2-klein-4b.json"
};
static const unsigned char file_15[] = {
#embed "../../Schemas/activations/flux2-klein-9b.json"
};
static const unsigned char file_16[] = {
#embed "../../Schemas/activations/hunyuan-video.json"
};
static const unsigned char file_17[] = {
#embed "../../Schemas/activations/kolors.json"
};
static const unsigned char file_18[] = {
#embed "../../Schemas/activations/krea2.json"
};
static const unsigned char file_19[] = {
#embed "../../Schemas/activations/longcat-image.json"
};
static const unsigned char file_20[] = {
#embed "../../Schemas/activations/ltx-0.9.json"
};
static const unsigned char file_21[] = {
#embed "../../Schemas/activations/pixart-sigma-1024.json"
};
static const unsigned char file_22[] = {
#embed "../../Schemas/activations/qwen-image.json"
};
static const unsigned char file_23[] = {
#embed "../../Schemas/activations/sana-1600m.json"
};
static const unsigned char file_24[] = {
#embed "../../Schemas/activations/sanavideo.json"
};
static const unsigned char file_25[] = {
#embed "../../Schemas/activations/sd15.json"
};
static const unsigned char file_26[] = {
#embed "../../Schemas/activations/sd21.json"
};
static const unsigned char file_27[] = {
#embed "../../Schemas/activations/sd3-medium.json"
};
static const unsigned char file_28[] = {
#embed "../../Schemas/activations/sd35-large.json"
};
static const unsigned char file_29[] = {
#embed "../../Schemas/activations/sd35-medium.json"
};
static const unsigned char file_30[] = {
#embed "../../Schemas/activations/sdxl.json"
};
static const unsigned char file_31[] = {
#embed "../../Schemas/activations/text-clip-g-with-projection.json"
};
static const unsigned char file_32[] = {
#embed "../../Schemas/activations/text-clip-l.json"
};
static const unsigned char file_33[] = {
#embed "../../Schemas/activations/text-gemma2-2b.json"
};
static const unsigned char file_34[] = {
#embed "../../Schemas/activations/text-openclip-h-sd21.json"
};
static const unsigned char file_35[] = {
#embed "../../Schemas/activations/text-qwen3-4b.json"
};
static const unsigned char file_36[] = {
#embed "../../Schemas/activations/text-t5-xxl-encoder.json"
};
static const unsigned char file_37[] = {
#embed "../../Schemas/activations/wan21-t2v-1.3b.json"
};
static const unsigned char file_38[] = {
#embed "../../Schemas/activations/z-image.json"
};
static const unsigned char file_39[] = {
#embed "../../Schemas/activations/zlab-i1.json"
};
static const unsigned char file_40[] = {
#embed "../../Schemas/adapter-targets.json"
};
static const unsigned char file_41[] = {
#embed "../../Schemas/advice.json"
};
static const unsigned char file_42[] = {
#embed "../../Schemas/architectures/ai-toolkit.json"
};
static const unsigned char file_43[] = {
#embed "../../Schemas/backends/ai-toolkit.json"
};
static const unsigned char file_44[] = {
#embed "../../Schemas/backends/kohya-gui.json"
};
static const unsigned char file_45[] = {
#embed "../../Schemas/backends/kohya.json"
};
static const unsigned char file_46[] = {
#embed "../../Schemas/backends/onetrainer.json"
};
static const unsigned char file_47[] = {
#embed "../../Schemas/backends/simpletuner.json"
};
static const unsigned char file_48[] = {
#embed "../../Schemas/claims.json"
};
static const unsigned char file_49[] = {
#embed "../../Schemas/coverage/ai-toolkit.json"
};
static const unsigned char file_50[] = {
#embed "../../Schemas/coverage/kohya.json"
};
static const unsigned char file_51[] = {
#embed "../../Schemas/coverage/onetrainer.json"
};
static const unsigned char file_52[] = {
#embed "../../Schemas/coverage/simpletuner.json"
};
static const unsigned char file_53[] = {
#embed "../../Schemas/families.json"
};
static const unsigned char file_54[] = {
#embed "../../Schemas/layers.json"
};
static const unsigned char file_55[] = {
#embed "../../Schemas/levers.json"
};
static const unsigned char file_56[] = {
#embed "../../Schemas/library-options.json"
};
static const unsigned char file_57[] = {
#embed "../../Schemas/models/anima.json"
};
static const unsigned char file_58[] = {
#embed "../../Schemas/models/chroma-1.json"
};
static const unsigned char file_59[] = {
#embed "../../Schemas/models/ernie.json"
};
static const unsigned char file_60[] = {
#embed "../../Schemas/models/flux-2.json"
};
static const unsigned char file_61[] = {
#embed "../../Schemas/models/flux-dev-1.json"
};
static const unsigned char file_62[] = {
#embed "../../Schemas/models/flux-fill-dev-1.json"
};
static const unsigned char file_63[] = {
#embed "../../Schemas/models/hi-dream-full.json"
};
static const unsigned char file_64[] = {
#embed "../../Schemas/models/hunyuan-video.json"
};
static const unsigned char file_65[] = {
#embed "../../Schemas/models/ideogram-4.json"
};
static const unsigned char file_66[] = {
#embed "../../Schemas/models/krea-2.json"
};
static const unsigned char file_67[] = {
#embed "../../Schemas/models/pixart-alpha.json"
};
static const unsigned char file_68[] = {
#embed "../../Schemas/models/pixart-sigma.json"
};
static const unsigned char file_69[] = {
#embed "../../Schemas/models/qwen.json"
};
static const unsigned char file_70[] = {
#embed "../../Schemas/models/sana.json"
};
static const unsigned char file_71[] = {
#embed "../../Schemas/models/stable-cascade-1.json"
};
static const unsigned char file_72[] = {
#embed "../../Schemas/models/stable-diffusion-15-inpainting.json"
};
static const unsigned char file_73[] = {
#embed "../../Schemas/models/stable-diffusion-15.json"
};
static const unsigned char file_74[] = {
#embed "../../Schemas/models/stable-diffusion-20-base.json"
};
static const unsigned char file_75[] = {
#embed "../../Schemas/models/stable-diffusion-20-depth.json"
};
static const unsigned char file_76[] = {
#embed "../../Schemas/models/stable-diffusion-20-inpainting.json"
};
static const unsigned char file_77[] = {
#embed "../../Schemas/models/stable-diffusion-20.json"
};
static const unsigned char file_78[] = {
#embed "../../Schemas/models/stable-diffusion-21-base.json"
};
static const unsigned char file_79[] = {
#embed "../../Schemas/models/stable-diffusion-21.json"
};
static const unsigned char file_80[] = {
#embed "../../Schemas/models/stable-diffusion-3.json"
};
static const unsigned char file_81[] = {
#embed "../../Schemas/models/stable-diffusion-35.json"
};
static const unsigned char file_82[] = {
#embed "../../Schemas/models/stable-diffusion-xl-10-base-inpainting.json"
};
static const unsigned char file_83[] = {
#embed "../../Schemas/models/stable-diffusion-xl-10-base.json"
};
static const unsigned char file_84[] = {
#embed "../../Schemas/models/wuerstchen-2.json"
};
static const unsigned char file_85[] = {
#embed "../../Schemas/models/z-image.json"
};
static const unsigned char file_86[] = {
#embed "../../Schemas/optimizer-names.json"
};
static const unsigned char file_87[] = {
#embed "../../Schemas/optimizer-symbols.json"
};
static const unsigned char file_88[] = {
#embed "../../Schemas/optimizers/adabelief.json"
};
static const unsigned char file_89[] = {
#embed "../../Schemas/optimizers/adadelta.json"
};
static const unsigned char file_90[] = {
#embed "../../Schemas/optimizers/adafactor-torch.json"
};
static const unsigned char file_91[] = {
#embed "../../Schemas/optimizers/adafactor.json"
};
static const unsigned char file_92[] = {
#embed "../../Schemas/optimizers/adagrad-8bit.json"
};
static const unsigned char file_93[] = {
#embed "../../Schemas/optimizers/adagrad.json"
};
static const unsigned char file_94[] = {
#embed "../../Schemas/optimizers/adam-8bit.json"
};
static const unsigned char file_95[] = {
#embed "../../Schemas/optimizers/adam.json"
};
static const unsigned char file_96[] = {
#embed "../../Schemas/optimizers/adamax.json"
};
static const unsigned char file_97[] = {
#embed "../../Schemas/optimizers/adamuon-adv.json"
};
static const unsigned char file_98[] = {
#embed "../../Schemas/optimizers/adamw-8bit-ai-toolkit.json"
};
static const unsigned char file_99[] = {
#embed "../../Schemas/optimizers/adamw-8bit.json"
};
static const unsigned char file_100[] = {
#embed "../../Schemas/optimizers/adamw-adv.json"
};
static const unsigned char file_101[] = {
#embed "../../Schemas/optimizers/adamw-bf16.json"
};
static const unsigned char file_102[] = {
#embed "../../Schemas/optimizers/adamw-schedulefree-kahan.json"
};
static const unsigned char file_103[] = {
#embed "../../Schemas/optimizers/adamw.json"
};
static const unsigned char file_104[] = {
#embed "../../Schemas/optimizers/adan.json"
};
static const unsigned char file_105[] = {
#embed "../../Schemas/optimizers/ademamix-8bit.json"
};
static const unsigned char file_106[] = {
#embed "../../Schemas/optimizers/ademamix.json"
};
static const unsigned char file_107[] = {
#embed "../../Schemas/optimizers/adopt-adv.json"
};
static const unsigned char file_108[] = {
#embed "../../Schemas/optimizers/adopt.json"
};
static const unsigned char file_109[] = {
#embed "../../Schemas/optimizers/aida.json"
};
static const unsigned char file_110[] = {
#embed "../../Schemas/optimizers/ao-adam-fp8.json"
};
static const unsigned char file_111[] = {
#embed "../../Schemas/optimizers/ao-adamw-4bit.json"
};
static const unsigned char file_112[] = {
#embed "../../Schemas/optimizers/ao-adamw-8bit.json"
};
static const unsigned char file_113[] = {
#embed "../../Schemas/optimizers/ao-adamw-fp8.json"
};
static const unsigned char file_114[] = {
#embed "../../Schemas/optimizers/asgd.json"
};
static const unsigned char file_115[] = {
#embed "../../Schemas/optimizers/automagic-2.json"
};
static const unsigned char file_116[] = {
#embed "../../Schemas/optimizers/automagic-3.json"
};
static const unsigned char file_117[] = {
#embed "../../Schemas/optimizers/automagic-experiment.json"
};
static const unsigned char file_118[] = {
#embed "../../Schemas/optimizers/automagic.json"
};
static const unsigned char file_119[] = {
#embed "../../Schemas/optimizers/came-8bit.json"
};
static const unsigned char file_120[] = {
#embed "../../Schemas/optimizers/came.json"
};
static const unsigned char file_121[] = {
#embed "../../Schemas/optimizers/dadapt-ada-grad.json"
};
static const unsigned char file_122[] = {
#embed "../../Schemas/optimizers/dadapt-adam-preprint.json"
};
static const unsigned char file_123[] = {
#embed "../../Schemas/optimizers/dadapt-adam.json"
};
static const unsigned char file_124[] = {
#embed "../../Schemas/optimizers/dadapt-adan-ip.json"
};
static const unsigned char file_125[] = {
#embed "../../Schemas/optimizers/dadapt-adan.json"
};
static const unsigned char file_126[] = {
#embed "../../Schemas/optimizers/dadapt-lion.json"
};
static const unsigned char file_127[] = {
#embed "../../Schemas/optimizers/dadapt-sgd.json"
};
static const unsigned char file_128[] = {
#embed "../../Schemas/optimizers/lamb-8bit.json"
};
static const unsigned char file_129[] = {
#embed "../../Schemas/optimizers/lamb.json"
};
static const unsigned char file_130[] = {
#embed "../../Schemas/optimizers/lars-8bit.json"
};
static const unsigned char file_131[] = {
#embed "../../Schemas/optimizers/lars.json"
};
static const unsigned char file_132[] = {
#embed "../../Schemas/optimizers/lbfgs.json"
};
static const unsigned char file_133[] = {
#embed "../../Schemas/optimizers/lion-8bit.json"
};
static const unsigned char file_134[] = {
#embed "../../Schemas/optimizers/lion-adv.json"
};
static const unsigned char file_135[] = {
#embed "../../Schemas/optimizers/lion.json"
};
static const unsigned char file_136[] = {
#embed "../../Schemas/optimizers/muon-adv.json"
};
static const unsigned char file_137[] = {
#embed "../../Schemas/optimizers/muon-clip.json"
};
static const unsigned char file_138[] = {
#embed "../../Schemas/optimizers/muon.json"
};
static const unsigned char file_139[] = {
#embed "../../Schemas/optimizers/nadam.json"
};
static const unsigned char file_140[] = {
#embed "../../Schemas/optimizers/prodigy-8bit.json"
};
static const unsigned char file_141[] = {
#embed "../../Schemas/optimizers/prodigy-adv.json"
};
static const unsigned char file_142[] = {
#embed "../../Schemas/optimizers/prodigy-plus-schedule-free.json"
};
static const unsigned char file_143[] = {
#embed "../../Schemas/optimizers/prodigy.json"
};
static const unsigned char file_144[] = {
#embed "../../Schemas/optimizers/radam.json"
};
static const unsigned char file_145[] = {
#embed "../../Schemas/optimizers/ranger.json"
};
static const unsigned char file_146[] = {
#embed "../../Schemas/optimizers/rmsprop-8bit.json"
};
static const unsigned char file_147[] = {
#embed "../../Schemas/optimizers/rmsprop.json"
};
static const unsigned char file_148[] = {
#embed "../../Schemas/optimizers/rprop.json"
};
static const unsigned char file_149[] = {
#embed "../../Schemas/optimizers/schedule-free-adamw.json"
};
static const unsigned char file_150[] = {
#embed "../../Schemas/optimizers/schedule-free-radam.json"
};
static const unsigned char file_151[] = {
#embed "../../Schemas/optimizers/schedule-free-sgd.json"
};
static const unsigned char file_152[] = {
#embed "../../Schemas/optimizers/sdnq-adafactor.json"
};
static const unsigned char file_153[] = {
#embed "../../Schemas/optimizers/sdnq-adamw.json"
};
static const unsigned char file_154[] = {
#embed "../../Schemas/optimizers/sdnq-came.json"
};
static const unsigned char file_155[] = {
#embed "../../Schemas/optimizers/sdnq-lion.json"
};
static const unsigned char file_156[] = {
#embed "../../Schemas/optimizers/sdnq-muon.json"
};
static const unsigned char file_157[] = {
#embed "../../Schemas/optimizers/sgd-8bit.json"
};
static const unsigned char file_158[] = {
#embed "../../Schemas/optimizers/sgd.json"
};
static const unsigned char file_159[] = {
#embed "../../Schemas/optimizers/signsgd-adv.json"
};
static const unsigned char file_160[] = {
#embed "../../Schemas/optimizers/soap.json"
};
static const unsigned char file_161[] = {
#embed "../../Schemas/optimizers/sparse-adam.json"
};
static const unsigned char file_162[] = {
#embed "../../Schemas/optimizers/stable-adamw.json"
};
static const unsigned char file_163[] = {
#embed "../../Schemas/optimizers/tiger.json"
};
static const unsigned char file_164[] = {
#embed "../../Schemas/optimizers/yogi.json"
};
static const unsigned char file_165[] = {
#embed "../../Schemas/options.json"
};
static const unsigned char file_166[] = {
#embed "../../Schemas/schedulers.json"
};
static const unsigned char file_167[] = {
#embed "../../Schemas/shapes/auraflow-v03-transformer.json"
};
static const unsigned char file_168[] = {
#embed "../../Schemas/shapes/chroma1-transformer.json"
};
static const unsigned char file_169[] = {
#embed "../../Schemas/shapes/cogvideox-2b-transformer.json"
};
static const unsigned char file_170[] = {
#embed "../../Schemas/shapes/cogvideox-5b-transformer.json"
};
static const unsigned char file_171[] = {
#embed "../../Schemas/shapes/cogvideox-vae.json"
};
static const unsigned char file_172[] = {
#embed "../../Schemas/shapes/flux-vae.json"
};
static const unsigned char file_173[] = {
#embed "../../Schemas/shapes/flux1-dev-transformer.json"
};
static const unsigned char file_174[] = {
#embed "../../Schemas/shapes/flux1-fill-dev-transformer.json"
};
static const unsigned char file_175[] = {
#embed "../../Schemas/shapes/flux1-schnell-transformer.json"
};
static const unsigned char file_176[] = {
#embed "../../Schemas/shapes/flux2-dev-transformer.json"
};
static const unsigned char file_177[] = {
#embed "../../Schemas/shapes/flux2-klein-4b-transformer.json"
};
static const unsigned char file_178[] = {
#embed "../../Schemas/shapes/flux2-klein-9b-transformer.json"
};
static const unsigned char file_179[] = {
#embed "../../Schemas/shapes/flux2-vae.json"
};
static const unsigned char file_180[] = {
#embed "../../Schemas/shapes/hidream-i1-transformer.json"
};
static const unsigned char file_181[] = {
#embed "../../Schemas/shapes/hunyuan-video-transformer.json"
};
static const unsigned char file_182[] = {
#embed "../../Schemas/shapes/hunyuan-video-vae.json"
};
static const unsigned char file_183[] = {
#embed "../../Schemas/shapes/ideogram4-transformer.json"
};
static const unsigned char file_184[] = {
#embed "../../Schemas/shapes/kolors-unet.json"
};
static const unsigned char file_185[] = {
#embed "../../Schemas/shapes/krea2-transformer.json"
};
static const unsigned char file_186[] = {
#embed "../../Schemas/shapes/ltx-video-0.9-transformer.json"
};
static const unsigned char file_187[] = {
#embed "../../Schemas/shapes/lumina2-transformer.json"
};
static const unsigned char file_188[] = {
#embed "../../Schemas/shapes/pixart-alpha-1024-transformer.json"
};
static const unsigned char file_189[] = {
#embed "../../Schemas/shapes/pixart-sigma-1024-transformer.json"
};
static const unsigned char file_190[] = {
#embed "../../Schemas/shapes/qwen-image-transformer.json"
};
static const unsigned char file_191[] = {
#embed "../../Schemas/shapes/qwen-image-vae.json"
};
static const unsigned char file_192[] = {
#embed "../../Schemas/shapes/sana-1600m-transformer.json"
};
static const unsigned char file_193[] = {
#embed "../../Schemas/shapes/sana-600m-transformer.json"
};
static const unsigned char file_194[] = {
#embed "../../Schemas/shapes/sana-vae-dcae-f32c32.json"
};
static const unsigned char file_195[] = {
#embed "../../Schemas/shapes/sd-vae.json"
};
static const unsigned char file_196[] = {
#embed "../../Schemas/shapes/sd15-unet-inpaint.json"
};
static const unsigned char file_197[] = {
#embed "../../Schemas/shapes/sd15-unet.json"
};
static const unsigned char file_198[] = {
#embed "../../Schemas/shapes/sd21-unet.json"
};
static const unsigned char file_199[] = {
#embed "../../Schemas/shapes/sd3-medium-transformer.json"
};
static const unsigned char file_200[] = {
#embed "../../Schemas/shapes/sd3-vae.json"
};
static const unsigned char file_201[] = {
#embed "../../Schemas/shapes/sd35-large-transformer.json"
};
static const unsigned char file_202[] = {
#embed "../../Schemas/shapes/sd35-medium-transformer.json"
};
static const unsigned char file_203[] = {
#embed "../../Schemas/shapes/sdxl-unet.json"
};
static const unsigned char file_204[] = {
#embed "../../Schemas/shapes/sdxl-vae.json"
};
static const unsigned char file_205[] = {
#embed "../../Schemas/shapes/stable-cascade-1.0b-prior.json"
};
static const unsigned char file_206[] = {
#embed "../../Schemas/shapes/stable-cascade-3.6b-prior.json"
};
static const unsigned char file_207[] = {
#embed "../../Schemas/shapes/stable-cascade-decoder-1.5b.json"
};
static const unsigned char file_208[] = {
#embed "../../Schemas/shapes/text-chatglm3-6b-kolors.json"
};
static const unsigned char file_209[] = {
#embed "../../Schemas/shapes/text-clip-g-with-projection.json"
};
static const unsigned char file_210[] = {
#embed "../../Schemas/shapes/text-clip-l-with-projection.json"
};
static const unsigned char file_211[] = {
#embed "../../Schemas/shapes/text-clip-l.json"
};
static const unsigned char file_212[] = {
#embed "../../Schemas/shapes/text-gemma2-2b.json"
};
static const unsigned char file_213[] = {
#embed "../../Schemas/shapes/text-llama31-8b-causal-lm.json"
};
static const unsigned char file_214[] = {
#embed "../../Schemas/shapes/text-llava-llama3-8b-hunyuanvideo-lm.json"
};
static const unsigned char file_215[] = {
#embed "../../Schemas/shapes/text-mistral-small3-24b-flux2-lm.json"
};
static const unsigned char file_216[] = {
#embed "../../Schemas/shapes/text-openclip-h-sd21.json"
};
static const unsigned char file_217[] = {
#embed "../../Schemas/shapes/text-pile-t5-xl-auraflow.json"
};
static const unsigned char file_218[] = {
#embed "../../Schemas/shapes/text-qwen25-vl-7b.json"
};
static const unsigned char file_219[] = {
#embed "../../Schemas/shapes/text-qwen3-4b.json"
};
static const unsigned char file_220[] = {
#embed "../../Schemas/shapes/text-qwen3-8b.json"
};
static const unsigned char file_221[] = {
#embed "../../Schemas/shapes/text-t5-xxl-encoder.json"
};
static const unsigned char file_222[] = {
#embed "../../Schemas/shapes/text-umt5-xxl-encoder.json"
};
static const unsigned char file_223[] = {
#embed "../../Schemas/shapes/wan21-t2v-1.3b-transformer.json"
};
static const unsigned char file_224[] = {
#embed "../../Schemas/shapes/wan21-t2v-14b-transformer.json"
};
static const unsigned char file_225[] = {
#embed "../../Schemas/shapes/wan21-vae.json"
};
static const unsigned char file_226[] = {
#embed "../../Schemas/shapes/wan22-ti2v-5b-transformer.json"
};
static const unsigned char file_227[] = {
#embed "../../Schemas/shapes/wuerstchen-v2-decoder.json"
};
static const unsigned char file_228[] = {
#embed "../../Schemas/shapes/wuerstchen-v2-prior.json"
};
static const unsigned char file_229[] = {
#embed "../../Schemas/shapes/z-image-transformer.json"
};
static const unsigned char file_230[] = {
#embed "../../Schemas/simulation.json"
};

static const struct embedded_file files[] = {
  {"Presets/ai-toolkit/recipe.json", file_0, sizeof file_0},
  {"Presets/kohya-gui/recipe.json", file_1, sizeof file_1},
  {"Presets/kohya/recipe.json", file_2, sizeof file_2},
  {"Presets/models.json", file_3, sizeof file_3},
  {"Presets/onetrainer/recipe.json", file_4, sizeof file_4},
  {"Presets/onetrainer/sdxl-lora-first-attempt.json", file_5, sizeof file_5},
  {"Presets/optimizers.json", file_6, sizeof file_6},
  {"Presets/presets.json", file_7, sizeof file_7},
  {"Presets/simpletuner/recipe.json", file_8, sizeof file_8},
  {"Schemas/activations/auraflow-v03.json", file_9, sizeof file_9},
  {"Schemas/activations/chroma1.json", file_10, sizeof file_10},
  {"Schemas/activations/cosmos2.json", file_11, sizeof file_11},
  {"Schemas/activations/flux1-dev.json", file_12, sizeof file_12},
  {"Schemas/activations/flux2-dev.json", file_13, sizeof file_13},
  {"Schemas/activations/flux2-klein-4b.json", file_14, sizeof file_14},
  {"Schemas/activations/flux2-klein-9b.json", file_15, sizeof file_15},
  {"Schemas/activations/hunyuan-video.json", file_16, sizeof file_16},
  {"Schemas/activations/kolors.json", file_17, sizeof file_17},
  {"Schemas/activations/krea2.json", file_18, sizeof file_18},
  {"Schemas/activations/longcat-image.json", file_19, sizeof file_19},
  {"Schemas/activations/ltx-0.9.json", file_20, sizeof file_20},
  {"Schemas/activations/pixart-sigma-1024.json", file_21, sizeof file_21},
  {"Schemas/activations/qwen-image.json", file_22, sizeof file_22},
  {"Schemas/activations/sana-1600m.json", file_23, sizeof file_23},
  {"Schemas/activations/sanavideo.json", file_24, sizeof file_24},
  {"Schemas/activations/sd15.json", file_25, sizeof file_25},
  {"Schemas/activations/sd21.json", file_26, sizeof file_26},
  {"Schemas/activations/sd3-medium.json", file_27, sizeof file_27},
  {"Schemas/activations/sd35-large.json", file_28, sizeof file_28},
  {"Schemas/activations/sd35-medium.json", file_29, sizeof file_29},
  {"Schemas/activations/sdxl.json", file_30, sizeof file_30},
  {"Schemas/activations/text-clip-g-with-projection.json", file_31, sizeof file_31},
  {"Schemas/activations/text-clip-l.json", file_32, sizeof file_32},
  {"Schemas/activations/text-gemma2-2b.json", file_33, sizeof file_33},
  {"Schemas/activations/text-openclip-h-sd21.json", file_34, sizeof file_34},
  {"Schemas/activations/text-qwen3-4b.json", file_35, sizeof file_35},
  {"Schemas/activations/text-t5-xxl-encoder.json", file_36, sizeof file_36},
  {"Schemas/activations/wan21-t2v-1.3b.json", file_37, sizeof file_37},
  {"Schemas/activations/z-image.json", file_38, sizeof file_38},
  {"Schemas/activations/zlab-i1.json", file_39, sizeof file_39},
  {"Schemas/adapter-targets.json", file_40, sizeof file_40},
  {"Schemas/advice.json", file_41, sizeof file_41},
  {"Schemas/architectures/ai-toolkit.json", file_42, sizeof file_42},
  {"Schemas/backends/ai-toolkit.json", file_43, sizeof file_43},
  {"Schemas/backends/kohya-gui.json", file_44, sizeof file_44},
  {"Schemas/backends/kohya.json", file_45, sizeof file_45},
  {"Schemas/backends/onetrainer.json", file_46, sizeof file_46},
  {"Schemas/backends/simpletuner.json", file_47, sizeof file_47},
  {"Schemas/claims.json", file_48, sizeof file_48},
  {"Schemas/coverage/ai-toolkit.json", file_49, sizeof file_49},
  {"Schemas/coverage/kohya.json", file_50, sizeof file_50},
  {"Schemas/coverage/onetrainer.json", file_51, sizeof file_51},
  {"Schemas/coverage/simpletuner.json", file_52, sizeof file_52},
  {"Schemas/families.json", file_53, sizeof file_53},
  {"Schemas/layers.json", file_54, sizeof file_54},
  {"Schemas/levers.json", file_55, sizeof file_55},
  {"Schemas/library-options.json", file_56, sizeof file_56},
  {"Schemas/models/anima.json", file_57, sizeof file_57},
  {"Schemas/models/chroma-1.json", file_58, sizeof file_58},
  {"Schemas/models/ernie.json", file_59, sizeof file_59},
  {"Schemas/models/flux-2.json", file_60, sizeof file_60},
  {"Schemas/models/flux-dev-1.json", file_61, sizeof file_61},
  {"Schemas/models/flux-fill-dev-1.json", file_62, sizeof file_62},
  {"Schemas/models/hi-dream-full.json", file_63, sizeof file_63},
  {"Schemas/models/hunyuan-video.json", file_64, sizeof file_64},
  {"Schemas/models/ideogram-4.json", file_65, sizeof file_65},
  {"Schemas/models/krea-2.json", file_66, sizeof file_66},
  {"Schemas/models/pixart-alpha.json", file_67, sizeof file_67},
  {"Schemas/models/pixart-sigma.json", file_68, sizeof file_68},
  {"Schemas/models/qwen.json", file_69, sizeof file_69},
  {"Schemas/models/sana.json", file_70, sizeof file_70},
  {"Schemas/models/stable-cascade-1.json", file_71, sizeof file_71},
  {"Schemas/models/stable-diffusion-15-inpainting.json", file_72, sizeof file_72},
  {"Schemas/models/stable-diffusion-15.json", file_73, sizeof file_73},
  {"Schemas/models/stable-diffusion-20-base.json", file_74, sizeof file_74},
  {"Schemas/models/stable-diffusion-20-depth.json", file_75, sizeof file_75},
  {"Schemas/models/stable-diffusion-20-inpainting.json", file_76, sizeof file_76},
  {"Schemas/models/stable-diffusion-20.json", file_77, sizeof file_77},
  {"Schemas/models/stable-diffusion-21-base.json", file_78, sizeof file_78},
  {"Schemas/models/stable-diffusion-21.json", file_79, sizeof file_79},
  {"Schemas/models/stable-diffusion-3.json", file_80, sizeof file_80},
  {"Schemas/models/stable-diffusion-35.json", file_81, sizeof file_81},
  {"Schemas/models/stable-diffusion-xl-10-base-inpainting.json", file_82, sizeof file_82},
  {"Schemas/models/stable-diffusion-xl-10-base.json", file_83, sizeof file_83},
  {"Schemas/models/wuerstchen-2.json", file_84, sizeof file_84},
  {"Schemas/models/z-image.json", file_85, sizeof file_85},
  {"Schemas/optimizer-names.json", file_86, sizeof file_86},
  {"Schemas/optimizer-symbols.json", file_87, sizeof file_87},
  {"Schemas/optimizers/adabelief.json", file_88, sizeof file_88},
  {"Schemas/optimizers/adadelta.json", file_89, sizeof file_89},
  {"Schemas/optimizers/adafactor-torch.json", file_90, sizeof file_90},
  {"Schemas/optimizers/adafactor.json", file_91, sizeof file_91},
  {"Schemas/optimizers/adagrad-8bit.json", file_92, sizeof file_92},
  {"Schemas/optimizers/adagrad.json", file_93, sizeof file_93},
  {"Schemas/optimizers/adam-8bit.json", file_94, sizeof file_94},
  {"Schemas/optimizers/adam.json", file_95, sizeof file_95},
  {"Schemas/optimizers/adamax.json", file_96, sizeof file_96},
  {"Schemas/optimizers/adamuon-adv.json", file_97, sizeof file_97},
  {"Schemas/optimizers/adamw-8bit-ai-toolkit.json", file_98, sizeof file_98},
  {"Schemas/optimizers/adamw-8bit.json", file_99, sizeof file_99},
  {"Schemas/optimizers/adamw-adv.json", file_100, sizeof file_100},
  {"Schemas/optimizers/adamw-bf16.json", file_101, sizeof file_101},
  {"Schemas/optimizers/adamw-schedulefree-kahan.json", file_102, sizeof file_102},
  {"Schemas/optimizers/adamw.json", file_103, sizeof file_103},
  {"Schemas/optimizers/adan.json", file_104, sizeof file_104},
  {"Schemas/optimizers/ademamix-8bit.json", file_105, sizeof file_105},
  {"Schemas/optimizers/ademamix.json", file_106, sizeof file_106},
  {"Schemas/optimizers/adopt-adv.json", file_107, sizeof file_107},
  {"Schemas/optimizers/adopt.json", file_108, sizeof file_108},
  {"Schemas/optimizers/aida.json", file_109, sizeof file_109},
  {"Schemas/optimizers/ao-adam-fp8.json", file_110, sizeof file_110},
  {"Schemas/optimizers/ao-adamw-4bit.json", file_111, sizeof file_111},
  {"Schemas/optimizers/ao-adamw-8bit.json", file_112, sizeof file_112},
  {"Schemas/optimizers/ao-adamw-fp8.json", file_113, sizeof file_113},
  {"Schemas/optimizers/asgd.json", file_114, sizeof file_114},
  {"Schemas/optimizers/automagic-2.json", file_115, sizeof file_115},
  {"Schemas/optimizers/automagic-3.json", file_116, sizeof file_116},
  {"Schemas/optimizers/automagic-experiment.json", file_117, sizeof file_117},
  {"Schemas/optimizers/automagic.json", file_118, sizeof file_118},
  {"Schemas/optimizers/came-8bit.json", file_119, sizeof file_119},
  {"Schemas/optimizers/came.json", file_120, sizeof file_120},
  {"Schemas/optimizers/dadapt-ada-grad.json", file_121, sizeof file_121},
  {"Schemas/optimizers/dadapt-adam-preprint.json", file_122, sizeof file_122},
  {"Schemas/optimizers/dadapt-adam.json", file_123, sizeof file_123},
  {"Schemas/optimizers/dadapt-adan-ip.json", file_124, sizeof file_124},
  {"Schemas/optimizers/dadapt-adan.json", file_125, sizeof file_125},
  {"Schemas/optimizers/dadapt-lion.json", file_126, sizeof file_126},
  {"Schemas/optimizers/dadapt-sgd.json", file_127, sizeof file_127},
  {"Schemas/optimizers/lamb-8bit.json", file_128, sizeof file_128},
  {"Schemas/optimizers/lamb.json", file_129, sizeof file_129},
  {"Schemas/optimizers/lars-8bit.json", file_130, sizeof file_130},
  {"Schemas/optimizers/lars.json", file_131, sizeof file_131},
  {"Schemas/optimizers/lbfgs.json", file_132, sizeof file_132},
  {"Schemas/optimizers/lion-8bit.json", file_133, sizeof file_133},
  {"Schemas/optimizers/lion-adv.json", file_134, sizeof file_134},
  {"Schemas/optimizers/lion.json", file_135, sizeof file_135},
  {"Schemas/optimizers/muon-adv.json", file_136, sizeof file_136},
  {"Schemas/optimizers/muon-clip.json", file_137, sizeof file_137},
  {"Schemas/optimizers/muon.json", file_138, sizeof file_138},
  {"Schemas/optimizers/nadam.json", file_139, sizeof file_139},
  {"Schemas/optimizers/prodigy-8bit.json", file_140, sizeof file_140},
  {"Schemas/optimizers/prodigy-adv.json", file_141, sizeof file_141},
  {"Schemas/optimizers/prodigy-plus-schedule-free.json", file_142, sizeof file_142},
  {"Schemas/optimizers/prodigy.json", file_143, sizeof file_143},
  {"Schemas/optimizers/radam.json", file_144, sizeof file_144},
  {"Schemas/optimizers/ranger.json", file_145, sizeof file_145},
  {"Schemas/optimizers/rmsprop-8bit.json", file_146, sizeof file_146},
  {"Schemas/optimizers/rmsprop.json", file_147, sizeof file_147},
  {"Schemas/optimizers/rprop.json", file_148, sizeof file_148},
  {"Schemas/optimizers/schedule-free-adamw.json", file_149, sizeof file_149},
  {"Schemas/optimizers/schedule-free-radam.json", file_150, sizeof file_150},
  {"Schemas/optimizers/schedule-free-sgd.json", file_151, sizeof file_151},
  {"Schemas/optimizers/sdnq-adafactor.json", file_152, sizeof file_152},
  {"Schemas/optimizers/sdnq-adamw.json", file_153, sizeof file_153},
  {"Schemas/optimizers/sdnq-came.json", file_154, sizeof file_154},
  {"Schemas/optimizers/sdnq-lion.json", file_155, sizeof file_155},
  {"Schemas/optimizers/sdnq-muon.json", file_156, sizeof file_156},
  {"Schemas/optimizers/sgd-8bit.json", file_157, sizeof file_157},
  {"Schemas/optimizers/sgd.json", file_158, sizeof file_158},
  {"Schemas/optimizers/signsgd-adv.json", file_159, sizeof file_159},
  {"Schemas/optimizers/soap.json", file_160, sizeof file_160},
  {"Schemas/optimizers/sparse-adam.json", file_161, sizeof file_161},
  {"Schemas/optimizers/stable-adamw.json", file_162, sizeof file_162},
  {"Schemas/optimizers/tiger.json", file_163, sizeof file_163},
  {"Schemas/optimizers/yogi.json", file_164, sizeof file_164},
  {"Schemas/options.json", file_165, sizeof file_165},
  {"Schemas/schedulers.json", file_166, sizeof file_166},
  {"Schemas/shapes/auraflow-v03-transformer.json", file_167, sizeof file_167},
  {"Schemas/shapes/chroma1-transformer.json", file_168, sizeof file_168},
  {"Schemas/shapes/cogvideox-2b-transformer.json", file_169, sizeof file_169},
  {"Schemas/shapes/cogvideox-5b-transformer.json", file_170, sizeof file_170},
  {"Schemas/shapes/cogvideox-vae.json", file_171, sizeof file_171},
  {"Schemas/shapes/flux-vae.json", file_172, sizeof file_172},
  {"Schemas/shapes/flux1-dev-transformer.json", file_173, sizeof file_173},
  {"Schemas/shapes/flux1-fill-dev-transformer.json", file_174, sizeof file_174},
  {"Schemas/shapes/flux1-schnell-transformer.json", file_175, sizeof file_175},
  {"Schemas/shapes/flux2-dev-transformer.json", file_176, sizeof file_176},
  {"Schemas/shapes/flux2-klein-4b-transformer.json", file_177, sizeof file_177},
  {"Schemas/shapes/flux2-klein-9b-transformer.json", file_178, sizeof file_178},
  {"Schemas/shapes/flux2-vae.json", file_179, sizeof file_179},
  {"Schemas/shapes/hidream-i1-transformer.json", file_180, sizeof file_180},
  {"Schemas/shapes/hunyuan-video-transformer.json", file_181, sizeof file_181},
  {"Schemas/shapes/hunyuan-video-vae.json", file_182, sizeof file_182},
  {"Schemas/shapes/ideogram4-transformer.json", file_183, sizeof file_183},
  {"Schemas/shapes/kolors-unet.json", file_184, sizeof file_184},
  {"Schemas/shapes/krea2-transformer.json", file_185, sizeof file_185},
  {"Schemas/shapes/ltx-video-0.9-transformer.json", file_186, sizeof file_186},
  {"Schemas/shapes/lumina2-transformer.json", file_187, sizeof file_187},
  {"Schemas/shapes/pixart-alpha-1024-transformer.json", file_188, sizeof file_188},
  {"Schemas/shapes/pixart-sigma-1024-transformer.json", file_189, sizeof file_189},
  {"Schemas/shapes/qwen-image-transformer.json", file_190, sizeof file_190},
  {"Schemas/shapes/qwen-image-vae.json", file_191, sizeof file_191},
  {"Schemas/shapes/sana-1600m-transformer.json", file_192, sizeof file_192},
  {"Schemas/shapes/sana-600m-transformer.json", file_193, sizeof file_193},
  {"Schemas/shapes/sana-vae-dcae-f32c32.json", file_194, sizeof file_194},
  {"Schemas/shapes/sd-vae.json", file_195, sizeof file_195},
  {"Schemas/shapes/sd15-unet-inpaint.json", file_196, sizeof file_196},
  {"Schemas/shapes/sd15-unet.json", file_197, sizeof file_197},
  {"Schemas/shapes/sd21-unet.json", file_198, sizeof file_198},
  {"Schemas/shapes/sd3-medium-transformer.json", file_199, sizeof file_199},
  {"Schemas/shapes/sd3-vae.json", file_200, sizeof file_200},
  {"Schemas/shapes/sd35-large-transformer.json", file_201, sizeof file_201},
  {"Schemas/shapes/sd35-medium-transformer.json", file_202, sizeof file_202},
  {"Schemas/shapes/sdxl-unet.json", file_203, sizeof file_203},
  {"Schemas/shapes/sdxl-vae.json", file_204, sizeof file_204},
  {"Schemas/shapes/stable-cascade-1.0b-prior.json", file_205, sizeof file_205},
  {"Schemas/shapes/stable-cascade-3.6b-prior.json", file_206, sizeof file_206},
  {"Schemas/shapes/stable-cascade-decoder-1.5b.json", file_207, sizeof file_207},
  {"Schemas/shapes/text-chatglm3-6b-kolors.json", file_208, sizeof file_208},
  {"Schemas/shapes/text-clip-g-with-projection.json", file_209, sizeof file_209},
  {"Schemas/shapes/text-clip-l-with-projection.json", file_210, sizeof file_210},
  {"Schemas/shapes/text-clip-l.json", file_211, sizeof file_211},
  {"Schemas/shapes/text-gemma2-2b.json", file_212, sizeof file_212},
  {"Schemas/shapes/text-llama31-8b-causal-lm.json", file_213, sizeof file_213},
  {"Schemas/shapes/text-llava-llama3-8b-hunyuanvideo-lm.json", file_214, sizeof file_214},
  {"Schemas/shapes/text-mistral-small3-24b-flux2-lm.json", file_215, sizeof file_215},
  {"Schemas/shapes/text-openclip-h-sd21.json", file_216, sizeof file_216},
  {"Schemas/shapes/text-pile-t5-xl-auraflow.json", file_217, sizeof file_217},
  {"Schemas/shapes/text-qwen25-vl-7b.json", file_218, sizeof file_218},
  {"Schemas/shapes/text-qwen3-4b.json", file_219, sizeof file_219},
  {"Schemas/shapes/text-qwen3-8b.json", file_220, sizeof file_220},
  {"Schemas/shapes/text-t5-xxl-encoder.json", file_221, sizeof file_221},
  {"Schemas/shapes/text-umt5-xxl-encoder.json", file_222, sizeof file_222},
  {"Schemas/shapes/wan21-t2v-1.3b-transformer.json", file_223, sizeof file_223},
  {"Schemas/shapes/wan21-t2v-14b-transformer.json", file_224, sizeof file_224},
  {"Schemas/shapes/wan21-vae.json", file_225, sizeof file_225},
  {"Schemas/shapes/wan22-ti2v-5b-transformer.json", file_226, sizeof file_226},
  {"Schemas/shapes/wuerstchen-v2-decoder.json", file_227, sizeof file_227},
  {"Schemas/shapes/wuerstchen-v2-prior.json", file_228, sizeof file_228},
  {"Schemas/shapes/z-image-transformer.json", file_229, sizeof file_229},
  {"Schemas/simulation.json", file_230, sizeof file_230},
};
const size_t embedded_file_count = sizeof files / sizeof files[0];

const struct embedded_file *embedded_file_at(size_t index) { return &files[index]; }
