// What Swift cannot say and a loop over many numbers needs in order to be vectorised:
// a square root that need not set errno, and a sum whose order is free.
#pragma once

static inline __attribute__((always_inline)) float root32(float x) {
  return __builtin_elementwise_sqrt(x);
}
static inline __attribute__((always_inline)) double root64(double x) {
  return __builtin_elementwise_sqrt(x);
}
static inline __attribute__((always_inline)) float sum32(float a, float b) {
#pragma clang fp reassociate(on)
  return a + b;
}
static inline __attribute__((always_inline)) double sum64(double a, double b) {
#pragma clang fp reassociate(on)
  return a + b;
}
