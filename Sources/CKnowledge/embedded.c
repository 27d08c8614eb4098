// Written by Scripts/embed from the files in Schemas/ and Presets/.
#include "knowledge.h"

static const unsigned char file_0[] = {
#embed "../../Presets/onetrainer/sdxl-lora-first-attempt.json"
};
static const unsigned char file_1[] = {
#embed "../../Schemas/architectures/ai-toolkit.json"
};
static const unsigned char file_2[] = {
#embed "../../Schemas/backends/ai-toolkit.json"
};
static const unsigned char file_3[] = {
#embed "../../Schemas/backends/kohya-gui.json"
};
static const unsigned char file_4[] = {
#embed "../../Schemas/backends/kohya.json"
};
static const unsigned char file_5[] = {
#embed "../../Schemas/backends/onetrainer.json"
};
static const unsigned char file_6[] = {
#embed "../../Schemas/backends/simpletuner.json"
};
static const unsigned char file_7[] = {
#embed "../../Schemas/coverage/ai-toolkit.json"
};
static const unsigned char file_8[] = {
#embed "../../Schemas/coverage/kohya.json"
};
static const unsigned char file_9[] = {
#embed "../../Schemas/coverage/onetrainer.json"
};
static const unsigned char file_10[] = {
#embed "../../Schemas/coverage/simpletuner.json"
};
static const unsigned char file_11[] = {
#embed "../../Schemas/layers.json"
};
static const unsigned char file_12[] = {
#embed "../../Schemas/library-options.json"
};
static const unsigned char file_13[] = {
#embed "../../Schemas/models/anima.json"
};
static const unsigned char file_14[] = {
#embed "../../Schemas/models/chroma-1.json"
};
static const unsigned char file_15[] = {
#embed "../../Schemas/models/ernie.json"
};
static const unsigned char file_16[] = {
#embed "../../Schemas/models/flux-2.json"
};
static const unsigned char file_17[] = {
#embed "../../Schemas/models/flux-dev-1.json"
};
static const unsigned char file_18[] = {
#embed "../../Schemas/models/flux-fill-dev-1.json"
};
static const unsigned char file_19[] = {
#embed "../../Schemas/models/hi-dream-full.json"
};
static const unsigned char file_20[] = {
#embed "../../Schemas/models/hunyuan-video.json"
};
static const unsigned char file_21[] = {
#embed "../../Schemas/models/ideogram-4.json"
};
static const unsigned char file_22[] = {
#embed "../../Schemas/models/krea-2.json"
};
static const unsigned char file_23[] = {
#embed "../../Schemas/models/pixart-alpha.json"
};
static const unsigned char file_24[] = {
#embed "../../Schemas/models/pixart-sigma.json"
};
static const unsigned char file_25[] = {
#embed "../../Schemas/models/qwen.json"
};
static const unsigned char file_26[] = {
#embed "../../Schemas/models/sana.json"
};
static const unsigned char file_27[] = {
#embed "../../Schemas/models/stable-cascade-1.json"
};
static const unsigned char file_28[] = {
#embed "../../Schemas/models/stable-diffusion-15-inpainting.json"
};
static const unsigned char file_29[] = {
#embed "../../Schemas/models/stable-diffusion-15.json"
};
static const unsigned char file_30[] = {
#embed "../../Schemas/models/stable-diffusion-20-base.json"
};
static const unsigned char file_31[] = {
#embed "../../Schemas/models/stable-diffusion-20-depth.json"
};
static const unsigned char file_32[] = {
#embed "../../Schemas/models/stable-diffusion-20-inpainting.json"
};
static const unsigned char file_33[] = {
#embed "../../Schemas/models/stable-diffusion-20.json"
};
static const unsigned char file_34[] = {
#embed "../../Schemas/models/stable-diffusion-21-base.json"
};
static const unsigned char file_35[] = {
#embed "../../Schemas/models/stable-diffusion-21.json"
};
static const unsigned char file_36[] = {
#embed "../../Schemas/models/stable-diffusion-3.json"
};
static const unsigned char file_37[] = {
#embed "../../Schemas/models/stable-diffusion-35.json"
};
static const unsigned char file_38[] = {
#embed "../../Schemas/models/stable-diffusion-xl-10-base-inpainting.json"
};
static const unsigned char file_39[] = {
#embed "../../Schemas/models/stable-diffusion-xl-10-base.json"
};
static const unsigned char file_40[] = {
#embed "../../Schemas/models/wuerstchen-2.json"
};
static const unsigned char file_41[] = {
#embed "../../Schemas/models/z-image.json"
};
static const unsigned char file_42[] = {
#embed "../../Schemas/optimizer-names.json"
};
static const unsigned char file_43[] = {
#embed "../../Schemas/optimizers/adabelief.json"
};
static const unsigned char file_44[] = {
#embed "../../Schemas/optimizers/adadelta.json"
};
static const unsigned char file_45[] = {
#embed "../../Schemas/optimizers/adafactor-torch.json"
};
static const unsigned char file_46[] = {
#embed "../../Schemas/optimizers/adafactor.json"
};
static const unsigned char file_47[] = {
#embed "../../Schemas/optimizers/adagrad-8bit.json"
};
static const unsigned char file_48[] = {
#embed "../../Schemas/optimizers/adagrad.json"
};
static const unsigned char file_49[] = {
#embed "../../Schemas/optimizers/adam-8bit.json"
};
static const unsigned char file_50[] = {
#embed "../../Schemas/optimizers/adam.json"
};
static const unsigned char file_51[] = {
#embed "../../Schemas/optimizers/adamax.json"
};
static const unsigned char file_52[] = {
#embed "../../Schemas/optimizers/adamuon-adv.json"
};
static const unsigned char file_53[] = {
#embed "../../Schemas/optimizers/adamw-8bit-ai-toolkit.json"
};
static const unsigned char file_54[] = {
#embed "../../Schemas/optimizers/adamw-8bit.json"
};
static const unsigned char file_55[] = {
#embed "../../Schemas/optimizers/adamw-adv.json"
};
static const unsigned char file_56[] = {
#embed "../../Schemas/optimizers/adamw-bf16.json"
};
static const unsigned char file_57[] = {
#embed "../../Schemas/optimizers/adamw-schedulefree-kahan.json"
};
static const unsigned char file_58[] = {
#embed "../../Schemas/optimizers/adamw.json"
};
static const unsigned char file_59[] = {
#embed "../../Schemas/optimizers/adan.json"
};
static const unsigned char file_60[] = {
#embed "../../Schemas/optimizers/ademamix-8bit.json"
};
static const unsigned char file_61[] = {
#embed "../../Schemas/optimizers/ademamix.json"
};
static const unsigned char file_62[] = {
#embed "../../Schemas/optimizers/adopt-adv.json"
};
static const unsigned char file_63[] = {
#embed "../../Schemas/optimizers/adopt.json"
};
static const unsigned char file_64[] = {
#embed "../../Schemas/optimizers/aida.json"
};
static const unsigned char file_65[] = {
#embed "../../Schemas/optimizers/ao-adam-fp8.json"
};
static const unsigned char file_66[] = {
#embed "../../Schemas/optimizers/ao-adamw-4bit.json"
};
static const unsigned char file_67[] = {
#embed "../../Schemas/optimizers/ao-adamw-8bit.json"
};
static const unsigned char file_68[] = {
#embed "../../Schemas/optimizers/ao-adamw-fp8.json"
};
static const unsigned char file_69[] = {
#embed "../../Schemas/optimizers/asgd.json"
};
static const unsigned char file_70[] = {
#embed "../../Schemas/optimizers/automagic-2.json"
};
static const unsigned char file_71[] = {
#embed "../../Schemas/optimizers/automagic-3.json"
};
static const unsigned char file_72[] = {
#embed "../../Schemas/optimizers/automagic-experiment.json"
};
static const unsigned char file_73[] = {
#embed "../../Schemas/optimizers/automagic.json"
};
static const unsigned char file_74[] = {
#embed "../../Schemas/optimizers/came-8bit.json"
};
static const unsigned char file_75[] = {
#embed "../../Schemas/optimizers/came.json"
};
static const unsigned char file_76[] = {
#embed "../../Schemas/optimizers/dadapt-ada-grad.json"
};
static const unsigned char file_77[] = {
#embed "../../Schemas/optimizers/dadapt-adam-preprint.json"
};
static const unsigned char file_78[] = {
#embed "../../Schemas/optimizers/dadapt-adam.json"
};
static const unsigned char file_79[] = {
#embed "../../Schemas/optimizers/dadapt-adan-ip.json"
};
static const unsigned char file_80[] = {
#embed "../../Schemas/optimizers/dadapt-adan.json"
};
static const unsigned char file_81[] = {
#embed "../../Schemas/optimizers/dadapt-lion.json"
};
static const unsigned char file_82[] = {
#embed "../../Schemas/optimizers/dadapt-sgd.json"
};
static const unsigned char file_83[] = {
#embed "../../Schemas/optimizers/lamb-8bit.json"
};
static const unsigned char file_84[] = {
#embed "../../Schemas/optimizers/lamb.json"
};
static const unsigned char file_85[] = {
#embed "../../Schemas/optimizers/lars-8bit.json"
};
static const unsigned char file_86[] = {
#embed "../../Schemas/optimizers/lars.json"
};
static const unsigned char file_87[] = {
#embed "../../Schemas/optimizers/lbfgs.json"
};
static const unsigned char file_88[] = {
#embed "../../Schemas/optimizers/lion-8bit.json"
};
static const unsigned char file_89[] = {
#embed "../../Schemas/optimizers/lion-adv.json"
};
static const unsigned char file_90[] = {
#embed "../../Schemas/optimizers/lion.json"
};
static const unsigned char file_91[] = {
#embed "../../Schemas/optimizers/muon-adv.json"
};
static const unsigned char file_92[] = {
#embed "../../Schemas/optimizers/muon-clip.json"
};
static const unsigned char file_93[] = {
#embed "../../Schemas/optimizers/muon.json"
};
static const unsigned char file_94[] = {
#embed "../../Schemas/optimizers/nadam.json"
};
static const unsigned char file_95[] = {
#embed "../../Schemas/optimizers/prodigy-8bit.json"
};
static const unsigned char file_96[] = {
#embed "../../Schemas/optimizers/prodigy-adv.json"
};
static const unsigned char file_97[] = {
#embed "../../Schemas/optimizers/prodigy-plus-schedule-free.json"
};
static const unsigned char file_98[] = {
#embed "../../Schemas/optimizers/prodigy.json"
};
static const unsigned char file_99[] = {
#embed "../../Schemas/optimizers/radam.json"
};
static const unsigned char file_100[] = {
#embed "../../Schemas/optimizers/ranger.json"
};
static const unsigned char file_101[] = {
#embed "../../Schemas/optimizers/rmsprop-8bit.json"
};
static const unsigned char file_102[] = {
#embed "../../Schemas/optimizers/rmsprop.json"
};
static const unsigned char file_103[] = {
#embed "../../Schemas/optimizers/rprop.json"
};
static const unsigned char file_104[] = {
#embed "../../Schemas/optimizers/schedule-free-adamw.json"
};
static const unsigned char file_105[] = {
#embed "../../Schemas/optimizers/schedule-free-radam.json"
};
static const unsigned char file_106[] = {
#embed "../../Schemas/optimizers/schedule-free-sgd.json"
};
static const unsigned char file_107[] = {
#embed "../../Schemas/optimizers/sdnq-adafactor.json"
};
static const unsigned char file_108[] = {
#embed "../../Schemas/optimizers/sdnq-adamw.json"
};
static const unsigned char file_109[] = {
#embed "../../Schemas/optimizers/sdnq-came.json"
};
static const unsigned char file_110[] = {
#embed "../../Schemas/optimizers/sdnq-lion.json"
};
static const unsigned char file_111[] = {
#embed "../../Schemas/optimizers/sdnq-muon.json"
};
static const unsigned char file_112[] = {
#embed "../../Schemas/optimizers/sgd-8bit.json"
};
static const unsigned char file_113[] = {
#embed "../../Schemas/optimizers/sgd.json"
};
static const unsigned char file_114[] = {
#embed "../../Schemas/optimizers/signsgd-adv.json"
};
static const unsigned char file_115[] = {
#embed "../../Schemas/optimizers/soap.json"
};
static const unsigned char file_116[] = {
#embed "../../Schemas/optimizers/sparse-adam.json"
};
static const unsigned char file_117[] = {
#embed "../../Schemas/optimizers/stable-adamw.json"
};
static const unsigned char file_118[] = {
#embed "../../Schemas/optimizers/tiger.json"
};
static const unsigned char file_119[] = {
#embed "../../Schemas/optimizers/yogi.json"
};
static const unsigned char file_120[] = {
#embed "../../Schemas/options.json"
};
static const unsigned char file_121[] = {
#embed "../../Schemas/schedulers.json"
};
static const unsigned char file_122[] = {
#embed "../../Schemas/simulation.json"
};

static const struct embedded_file files[] = {
  {"Presets/onetrainer/sdxl-lora-first-attempt.json", file_0, sizeof file_0},
  {"Schemas/architectures/ai-toolkit.json", file_1, sizeof file_1},
  {"Schemas/backends/ai-toolkit.json", file_2, sizeof file_2},
  {"Schemas/backends/kohya-gui.json", file_3, sizeof file_3},
  {"Schemas/backends/kohya.json", file_4, sizeof file_4},
  {"Schemas/backends/onetrainer.json", file_5, sizeof file_5},
  {"Schemas/backends/simpletuner.json", file_6, sizeof file_6},
  {"Schemas/coverage/ai-toolkit.json", file_7, sizeof file_7},
  {"Schemas/coverage/kohya.json", file_8, sizeof file_8},
  {"Schemas/coverage/onetrainer.json", file_9, sizeof file_9},
  {"Schemas/coverage/simpletuner.json", file_10, sizeof file_10},
  {"Schemas/layers.json", file_11, sizeof file_11},
  {"Schemas/library-options.json", file_12, sizeof file_12},
  {"Schemas/models/anima.json", file_13, sizeof file_13},
  {"Schemas/models/chroma-1.json", file_14, sizeof file_14},
  {"Schemas/models/ernie.json", file_15, sizeof file_15},
  {"Schemas/models/flux-2.json", file_16, sizeof file_16},
  {"Schemas/models/flux-dev-1.json", file_17, sizeof file_17},
  {"Schemas/models/flux-fill-dev-1.json", file_18, sizeof file_18},
  {"Schemas/models/hi-dream-full.json", file_19, sizeof file_19},
  {"Schemas/models/hunyuan-video.json", file_20, sizeof file_20},
  {"Schemas/models/ideogram-4.json", file_21, sizeof file_21},
  {"Schemas/models/krea-2.json", file_22, sizeof file_22},
  {"Schemas/models/pixart-alpha.json", file_23, sizeof file_23},
  {"Schemas/models/pixart-sigma.json", file_24, sizeof file_24},
  {"Schemas/models/qwen.json", file_25, sizeof file_25},
  {"Schemas/models/sana.json", file_26, sizeof file_26},
  {"Schemas/models/stable-cascade-1.json", file_27, sizeof file_27},
  {"Schemas/models/stable-diffusion-15-inpainting.json", file_28, sizeof file_28},
  {"Schemas/models/stable-diffusion-15.json", file_29, sizeof file_29},
  {"Schemas/models/stable-diffusion-20-base.json", file_30, sizeof file_30},
  {"Schemas/models/stable-diffusion-20-depth.json", file_31, sizeof file_31},
  {"Schemas/models/stable-diffusion-20-inpainting.json", file_32, sizeof file_32},
  {"Schemas/models/stable-diffusion-20.json", file_33, sizeof file_33},
  {"Schemas/models/stable-diffusion-21-base.json", file_34, sizeof file_34},
  {"Schemas/models/stable-diffusion-21.json", file_35, sizeof file_35},
  {"Schemas/models/stable-diffusion-3.json", file_36, sizeof file_36},
  {"Schemas/models/stable-diffusion-35.json", file_37, sizeof file_37},
  {"Schemas/models/stable-diffusion-xl-10-base-inpainting.json", file_38, sizeof file_38},
  {"Schemas/models/stable-diffusion-xl-10-base.json", file_39, sizeof file_39},
  {"Schemas/models/wuerstchen-2.json", file_40, sizeof file_40},
  {"Schemas/models/z-image.json", file_41, sizeof file_41},
  {"Schemas/optimizer-names.json", file_42, sizeof file_42},
  {"Schemas/optimizers/adabelief.json", file_43, sizeof file_43},
  {"Schemas/optimizers/adadelta.json", file_44, sizeof file_44},
  {"Schemas/optimizers/adafactor-torch.json", file_45, sizeof file_45},
  {"Schemas/optimizers/adafactor.json", file_46, sizeof file_46},
  {"Schemas/optimizers/adagrad-8bit.json", file_47, sizeof file_47},
  {"Schemas/optimizers/adagrad.json", file_48, sizeof file_48},
  {"Schemas/optimizers/adam-8bit.json", file_49, sizeof file_49},
  {"Schemas/optimizers/adam.json", file_50, sizeof file_50},
  {"Schemas/optimizers/adamax.json", file_51, sizeof file_51},
  {"Schemas/optimizers/adamuon-adv.json", file_52, sizeof file_52},
  {"Schemas/optimizers/adamw-8bit-ai-toolkit.json", file_53, sizeof file_53},
  {"Schemas/optimizers/adamw-8bit.json", file_54, sizeof file_54},
  {"Schemas/optimizers/adamw-adv.json", file_55, sizeof file_55},
  {"Schemas/optimizers/adamw-bf16.json", file_56, sizeof file_56},
  {"Schemas/optimizers/adamw-schedulefree-kahan.json", file_57, sizeof file_57},
  {"Schemas/optimizers/adamw.json", file_58, sizeof file_58},
  {"Schemas/optimizers/adan.json", file_59, sizeof file_59},
  {"Schemas/optimizers/ademamix-8bit.json", file_60, sizeof file_60},
  {"Schemas/optimizers/ademamix.json", file_61, sizeof file_61},
  {"Schemas/optimizers/adopt-adv.json", file_62, sizeof file_62},
  {"Schemas/optimizers/adopt.json", file_63, sizeof file_63},
  {"Schemas/optimizers/aida.json", file_64, sizeof file_64},
  {"Schemas/optimizers/ao-adam-fp8.json", file_65, sizeof file_65},
  {"Schemas/optimizers/ao-adamw-4bit.json", file_66, sizeof file_66},
  {"Schemas/optimizers/ao-adamw-8bit.json", file_67, sizeof file_67},
  {"Schemas/optimizers/ao-adamw-fp8.json", file_68, sizeof file_68},
  {"Schemas/optimizers/asgd.json", file_69, sizeof file_69},
  {"Schemas/optimizers/automagic-2.json", file_70, sizeof file_70},
  {"Schemas/optimizers/automagic-3.json", file_71, sizeof file_71},
  {"Schemas/optimizers/automagic-experiment.json", file_72, sizeof file_72},
  {"Schemas/optimizers/automagic.json", file_73, sizeof file_73},
  {"Schemas/optimizers/came-8bit.json", file_74, sizeof file_74},
  {"Schemas/optimizers/came.json", file_75, sizeof file_75},
  {"Schemas/optimizers/dadapt-ada-grad.json", file_76, sizeof file_76},
  {"Schemas/optimizers/dadapt-adam-preprint.json", file_77, sizeof file_77},
  {"Schemas/optimizers/dadapt-adam.json", file_78, sizeof file_78},
  {"Schemas/optimizers/dadapt-adan-ip.json", file_79, sizeof file_79},
  {"Schemas/optimizers/dadapt-adan.json", file_80, sizeof file_80},
  {"Schemas/optimizers/dadapt-lion.json", file_81, sizeof file_81},
  {"Schemas/optimizers/dadapt-sgd.json", file_82, sizeof file_82},
  {"Schemas/optimizers/lamb-8bit.json", file_83, sizeof file_83},
  {"Schemas/optimizers/lamb.json", file_84, sizeof file_84},
  {"Schemas/optimizers/lars-8bit.json", file_85, sizeof file_85},
  {"Schemas/optimizers/lars.json", file_86, sizeof file_86},
  {"Schemas/optimizers/lbfgs.json", file_87, sizeof file_87},
  {"Schemas/optimizers/lion-8bit.json", file_88, sizeof file_88},
  {"Schemas/optimizers/lion-adv.json", file_89, sizeof file_89},
  {"Schemas/optimizers/lion.json", file_90, sizeof file_90},
  {"Schemas/optimizers/muon-adv.json", file_91, sizeof file_91},
  {"Schemas/optimizers/muon-clip.json", file_92, sizeof file_92},
  {"Schemas/optimizers/muon.json", file_93, sizeof file_93},
  {"Schemas/optimizers/nadam.json", file_94, sizeof file_94},
  {"Schemas/optimizers/prodigy-8bit.json", file_95, sizeof file_95},
  {"Schemas/optimizers/prodigy-adv.json", file_96, sizeof file_96},
  {"Schemas/optimizers/prodigy-plus-schedule-free.json", file_97, sizeof file_97},
  {"Schemas/optimizers/prodigy.json", file_98, sizeof file_98},
  {"Schemas/optimizers/radam.json", file_99, sizeof file_99},
  {"Schemas/optimizers/ranger.json", file_100, sizeof file_100},
  {"Schemas/optimizers/rmsprop-8bit.json", file_101, sizeof file_101},
  {"Schemas/optimizers/rmsprop.json", file_102, sizeof file_102},
  {"Schemas/optimizers/rprop.json", file_103, sizeof file_103},
  {"Schemas/optimizers/schedule-free-adamw.json", file_104, sizeof file_104},
  {"Schemas/optimizers/schedule-free-radam.json", file_105, sizeof file_105},
  {"Schemas/optimizers/schedule-free-sgd.json", file_106, sizeof file_106},
  {"Schemas/optimizers/sdnq-adafactor.json", file_107, sizeof file_107},
  {"Schemas/optimizers/sdnq-adamw.json", file_108, sizeof file_108},
  {"Schemas/optimizers/sdnq-came.json", file_109, sizeof file_109},
  {"Schemas/optimizers/sdnq-lion.json", file_110, sizeof file_110},
  {"Schemas/optimizers/sdnq-muon.json", file_111, sizeof file_111},
  {"Schemas/optimizers/sgd-8bit.json", file_112, sizeof file_112},
  {"Schemas/optimizers/sgd.json", file_113, sizeof file_113},
  {"Schemas/optimizers/signsgd-adv.json", file_114, sizeof file_114},
  {"Schemas/optimizers/soap.json", file_115, sizeof file_115},
  {"Schemas/optimizers/sparse-adam.json", file_116, sizeof file_116},
  {"Schemas/optimizers/stable-adamw.json", file_117, sizeof file_117},
  {"Schemas/optimizers/tiger.json", file_118, sizeof file_118},
  {"Schemas/optimizers/yogi.json", file_119, sizeof file_119},
  {"Schemas/options.json", file_120, sizeof file_120},
  {"Schemas/schedulers.json", file_121, sizeof file_121},
  {"Schemas/simulation.json", file_122, sizeof file_122},
};
const size_t embedded_file_count = sizeof files / sizeof files[0];

const struct embedded_file *embedded_file_at(size_t index) { return &files[index]; }
