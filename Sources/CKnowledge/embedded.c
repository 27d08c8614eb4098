// Written by Scripts/embed from the files in Schemas/ and Presets/.
#include "knowledge.h"

static const unsigned char file_0[] = {
#embed "../../Schemas/backends/onetrainer.json"
};
static const unsigned char file_1[] = {
#embed "../../Schemas/coverage/onetrainer.json"
};
static const unsigned char file_2[] = {
#embed "../../Schemas/models.json"
};
static const unsigned char file_3[] = {
#embed "../../Schemas/optimizers/adabelief.json"
};
static const unsigned char file_4[] = {
#embed "../../Schemas/optimizers/adafactor.json"
};
static const unsigned char file_5[] = {
#embed "../../Schemas/optimizers/adagrad-8bit.json"
};
static const unsigned char file_6[] = {
#embed "../../Schemas/optimizers/adagrad.json"
};
static const unsigned char file_7[] = {
#embed "../../Schemas/optimizers/adam-8bit.json"
};
static const unsigned char file_8[] = {
#embed "../../Schemas/optimizers/adam.json"
};
static const unsigned char file_9[] = {
#embed "../../Schemas/optimizers/adamuon-adv.json"
};
static const unsigned char file_10[] = {
#embed "../../Schemas/optimizers/adamw-8bit.json"
};
static const unsigned char file_11[] = {
#embed "../../Schemas/optimizers/adamw-adv.json"
};
static const unsigned char file_12[] = {
#embed "../../Schemas/optimizers/adamw.json"
};
static const unsigned char file_13[] = {
#embed "../../Schemas/optimizers/ademamix-8bit.json"
};
static const unsigned char file_14[] = {
#embed "../../Schemas/optimizers/ademamix.json"
};
static const unsigned char file_15[] = {
#embed "../../Schemas/optimizers/adopt-adv.json"
};
static const unsigned char file_16[] = {
#embed "../../Schemas/optimizers/adopt.json"
};
static const unsigned char file_17[] = {
#embed "../../Schemas/optimizers/aida.json"
};
static const unsigned char file_18[] = {
#embed "../../Schemas/optimizers/came-8bit.json"
};
static const unsigned char file_19[] = {
#embed "../../Schemas/optimizers/came.json"
};
static const unsigned char file_20[] = {
#embed "../../Schemas/optimizers/dadapt-ada-grad.json"
};
static const unsigned char file_21[] = {
#embed "../../Schemas/optimizers/dadapt-adam.json"
};
static const unsigned char file_22[] = {
#embed "../../Schemas/optimizers/dadapt-adan.json"
};
static const unsigned char file_23[] = {
#embed "../../Schemas/optimizers/dadapt-lion.json"
};
static const unsigned char file_24[] = {
#embed "../../Schemas/optimizers/dadapt-sgd.json"
};
static const unsigned char file_25[] = {
#embed "../../Schemas/optimizers/lamb-8bit.json"
};
static const unsigned char file_26[] = {
#embed "../../Schemas/optimizers/lamb.json"
};
static const unsigned char file_27[] = {
#embed "../../Schemas/optimizers/lars-8bit.json"
};
static const unsigned char file_28[] = {
#embed "../../Schemas/optimizers/lars.json"
};
static const unsigned char file_29[] = {
#embed "../../Schemas/optimizers/lion-8bit.json"
};
static const unsigned char file_30[] = {
#embed "../../Schemas/optimizers/lion-adv.json"
};
static const unsigned char file_31[] = {
#embed "../../Schemas/optimizers/lion.json"
};
static const unsigned char file_32[] = {
#embed "../../Schemas/optimizers/muon-adv.json"
};
static const unsigned char file_33[] = {
#embed "../../Schemas/optimizers/muon.json"
};
static const unsigned char file_34[] = {
#embed "../../Schemas/optimizers/prodigy-adv.json"
};
static const unsigned char file_35[] = {
#embed "../../Schemas/optimizers/prodigy-plus-schedule-free.json"
};
static const unsigned char file_36[] = {
#embed "../../Schemas/optimizers/prodigy.json"
};
static const unsigned char file_37[] = {
#embed "../../Schemas/optimizers/rmsprop-8bit.json"
};
static const unsigned char file_38[] = {
#embed "../../Schemas/optimizers/rmsprop.json"
};
static const unsigned char file_39[] = {
#embed "../../Schemas/optimizers/schedule-free-adamw.json"
};
static const unsigned char file_40[] = {
#embed "../../Schemas/optimizers/schedule-free-sgd.json"
};
static const unsigned char file_41[] = {
#embed "../../Schemas/optimizers/sgd-8bit.json"
};
static const unsigned char file_42[] = {
#embed "../../Schemas/optimizers/sgd.json"
};
static const unsigned char file_43[] = {
#embed "../../Schemas/optimizers/signsgd-adv.json"
};
static const unsigned char file_44[] = {
#embed "../../Schemas/optimizers/tiger.json"
};
static const unsigned char file_45[] = {
#embed "../../Schemas/optimizers/yogi.json"
};
static const unsigned char file_46[] = {
#embed "../../Schemas/options.json"
};
static const unsigned char file_47[] = {
#embed "../../Schemas/schedulers.json"
};

static const struct embedded_file files[] = {
  {"Schemas/backends/onetrainer.json", file_0, sizeof file_0},
  {"Schemas/coverage/onetrainer.json", file_1, sizeof file_1},
  {"Schemas/models.json", file_2, sizeof file_2},
  {"Schemas/optimizers/adabelief.json", file_3, sizeof file_3},
  {"Schemas/optimizers/adafactor.json", file_4, sizeof file_4},
  {"Schemas/optimizers/adagrad-8bit.json", file_5, sizeof file_5},
  {"Schemas/optimizers/adagrad.json", file_6, sizeof file_6},
  {"Schemas/optimizers/adam-8bit.json", file_7, sizeof file_7},
  {"Schemas/optimizers/adam.json", file_8, sizeof file_8},
  {"Schemas/optimizers/adamuon-adv.json", file_9, sizeof file_9},
  {"Schemas/optimizers/adamw-8bit.json", file_10, sizeof file_10},
  {"Schemas/optimizers/adamw-adv.json", file_11, sizeof file_11},
  {"Schemas/optimizers/adamw.json", file_12, sizeof file_12},
  {"Schemas/optimizers/ademamix-8bit.json", file_13, sizeof file_13},
  {"Schemas/optimizers/ademamix.json", file_14, sizeof file_14},
  {"Schemas/optimizers/adopt-adv.json", file_15, sizeof file_15},
  {"Schemas/optimizers/adopt.json", file_16, sizeof file_16},
  {"Schemas/optimizers/aida.json", file_17, sizeof file_17},
  {"Schemas/optimizers/came-8bit.json", file_18, sizeof file_18},
  {"Schemas/optimizers/came.json", file_19, sizeof file_19},
  {"Schemas/optimizers/dadapt-ada-grad.json", file_20, sizeof file_20},
  {"Schemas/optimizers/dadapt-adam.json", file_21, sizeof file_21},
  {"Schemas/optimizers/dadapt-adan.json", file_22, sizeof file_22},
  {"Schemas/optimizers/dadapt-lion.json", file_23, sizeof file_23},
  {"Schemas/optimizers/dadapt-sgd.json", file_24, sizeof file_24},
  {"Schemas/optimizers/lamb-8bit.json", file_25, sizeof file_25},
  {"Schemas/optimizers/lamb.json", file_26, sizeof file_26},
  {"Schemas/optimizers/lars-8bit.json", file_27, sizeof file_27},
  {"Schemas/optimizers/lars.json", file_28, sizeof file_28},
  {"Schemas/optimizers/lion-8bit.json", file_29, sizeof file_29},
  {"Schemas/optimizers/lion-adv.json", file_30, sizeof file_30},
  {"Schemas/optimizers/lion.json", file_31, sizeof file_31},
  {"Schemas/optimizers/muon-adv.json", file_32, sizeof file_32},
  {"Schemas/optimizers/muon.json", file_33, sizeof file_33},
  {"Schemas/optimizers/prodigy-adv.json", file_34, sizeof file_34},
  {"Schemas/optimizers/prodigy-plus-schedule-free.json", file_35, sizeof file_35},
  {"Schemas/optimizers/prodigy.json", file_36, sizeof file_36},
  {"Schemas/optimizers/rmsprop-8bit.json", file_37, sizeof file_37},
  {"Schemas/optimizers/rmsprop.json", file_38, sizeof file_38},
  {"Schemas/optimizers/schedule-free-adamw.json", file_39, sizeof file_39},
  {"Schemas/optimizers/schedule-free-sgd.json", file_40, sizeof file_40},
  {"Schemas/optimizers/sgd-8bit.json", file_41, sizeof file_41},
  {"Schemas/optimizers/sgd.json", file_42, sizeof file_42},
  {"Schemas/optimizers/signsgd-adv.json", file_43, sizeof file_43},
  {"Schemas/optimizers/tiger.json", file_44, sizeof file_44},
  {"Schemas/optimizers/yogi.json", file_45, sizeof file_45},
  {"Schemas/options.json", file_46, sizeof file_46},
  {"Schemas/schedulers.json", file_47, sizeof file_47},
};
const size_t embedded_file_count = sizeof files / sizeof files[0];

const struct embedded_file *embedded_file_at(size_t index) { return &files[index]; }
