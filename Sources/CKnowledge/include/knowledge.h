#ifndef KNOWLEDGE_H
#define KNOWLEDGE_H

#include <stddef.h>

/// A file of `Schemas/` or `Presets/`, byte for byte.
struct embedded_file {
  /// Its path from the top of the repository.
  const char *path;
  const unsigned char *bytes;
  size_t count;
};

extern const size_t embedded_file_count;

/// An embedded file; they are sorted by path.
/// - index: Below `embedded_file_count`.
const struct embedded_file *embedded_file_at(size_t index);

#endif
