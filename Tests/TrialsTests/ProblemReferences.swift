// Made by Scripts/reference/problems.py.

@testable import Trials

extension Reference {
  static let all = [
    Reference(
      "quad", Quadratic(),
      start: [0x79dd_a1a2_0578_1afa],
      first: [0x3fef_514d_51b6_91d8, 0x3ff2_a454_dfbd_8178, 0x3fe8_b6c5_f133_600e],
      loss: 0x4056_3229_70a8_bab1,
      gradients: [0xb079_5d90_1d0b_8dad]),
    Reference(
      "quad 432", Quadratic(count: 432, seed: 1, shape: [8, 6, 3, 3]),
      start: [0xa768_d58c_9578_122b],
      first: [0x3fe8_8036_f3a7_4614, 0x3ff5_082e_96fd_ef31, 0x3ff4_8ba1_9622_315b],
      loss: 0x4084_3790_768f_a042,
      gradients: [0x1da6_ad4c_f288_66fe]),
    Reference(
      "quad 5000", Quadratic(count: 5000, condition: 100, seed: 4),
      start: [0x8136_c393_30a2_182c],
      first: [0x3ff2_ded8_c928_fc59, 0x3fea_1835_3257_06a2, 0x3feb_e978_9650_0098],
      loss: 0x4086_a2e1_12a0_6de8,
      gradients: [0x9ba5_512f_7bfb_efc5]),
    Reference(
      "rosen", Rosenbrock(),
      start: [0x0f4d_9726_e56e_ed14],
      first: [0xbff3_3333_3333_3333, 0x3ff0_0000_0000_0000],
      loss: 0x4038_3333_3333_3332,
      gradients: [0xd164_451b_ee12_5fca]),
    Reference(
      "rosen 10", Rosenbrock(count: 10, scale: 0.5),
      start: [0x48e1_29a6_0c21_d074],
      first: [0xbfe3_3333_3333_3333, 0x3fe0_0000_0000_0000, 0xbfe3_3333_3333_3333],
      loss: 0x4073_8999_9999_999a,
      gradients: [0x192c_1992_47e5_fe03]),
    Reference(
      "lsq", LeastSquares(),
      start: [0x5c15_7b7a_5d98_336b],
      first: [0xbfdc_38ac_d727_2c39, 0x3fb4_2f77_1fd7_4718, 0xbfc1_f456_51e2_effc],
      loss: 0x404b_c9cc_546a_7b6c,
      gradients: [0xda33_462f_0d1f_2a5b]),
    Reference(
      "lsq 5", LeastSquares(m: 5, k: 3, n: 4, seed: 7),
      start: [0x8963_5ddf_65a9_20d9],
      first: [0xbfd0_4e32_4dea_9bb2, 0x3fd9_417d_f584_0bf6, 0x3fd3_869a_a8ee_6bda],
      loss: 0x4007_4f87_3fa6_6a85,
      gradients: [0xdb9f_e12a_cc40_e7b3]),
    Reference(
      "lora", LowRankAdapter(),
      start: [0xc7af_5805_fd80_af41, 0xc86e_c345_c0ee_8125],
      first: [0xbfdf_0670_8d9a_364f, 0xbfda_b2a3_89f9_a2a6, 0xbfb6_a5a8_5975_5afc],
      loss: 0x4011_159b_98a3_7938,
      gradients: [0xf05e_74aa_1eda_9c25, 0xc3c4_6514_8030_193c]),
    Reference(
      "lora 3", LowRankAdapter(outputs: 7, inputs: 5, rank: 3, alpha: 2, samples: 9, seed: 11),
      start: [0xddc2_b89a_c6cc_10ad, 0x35da_7620_6393_6645],
      first: [0xbfd9_cd04_8b75_05a9, 0x3fdc_2171_55d0_740a, 0xbfdd_3aac_58ee_5a07],
      loss: 0x3ff6_f869_8d18_c279,
      gradients: [0xde9f_a0da_6fc2_2a85, 0xa319_99d7_d34a_992c]),
  ]
}
