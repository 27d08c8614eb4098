import Plans
import SourceText

/// The rules that several trainers report in their own ways. What is wrong has one name, whoever's
/// file it stands in.
extension SharedRule {
  static let byteOrderMark = SharedRule(
    "byte-order-mark", .error, .crashesAtLoad, .file, "A file that begins with a byte-order mark.")
  static let unreadableFile = SharedRule(
    "unreadable-file", .error, .crashesAtStart, .file,
    "A file that the config names and that cannot be read.")
  static let repeatedKey = SharedRule(
    "repeated-key", .warning, .silentlyIgnored, .file, "A key that stands twice in one object.")
  static let unknownKey = SharedRule(
    "unknown-key", .warning, .silentlyIgnored, .file, "A key that the trainer does not have.")
  static let unreadableValue = SharedRule(
    "unreadable-value", .warning, .silentlyIgnored, .file,
    "A value of another type than the setting's.")
  static let unknownName = SharedRule(
    "unknown-name", .warning, .silentlyIgnored, .file,
    "A name that is none of those the setting accepts.")
  static let numberInText = SharedRule(
    "number-in-text", .info, .worthKnowing, .file,
    "A number in quotes, or a fraction where a whole number belongs.")
  static let retiredKey = SharedRule(
    "retired-key", .warning, .silentlyIgnored, .file,
    "A key of an earlier version that is no longer read.")
  static let valueOutOfRange = SharedRule(
    "value-out-of-range", .error, .changesTraining, .file,
    "A number outside the range in which the setting works.")
  static let missingSetting = SharedRule(
    "missing-setting", .error, .crashesAtStart, .file,
    "A setting that the trainer needs and the file does not state.")
  static let conflictingSettings = SharedRule(
    "conflicting-settings", .error, .crashesAtStart, .file,
    "Settings that the trainer refuses together.")
  static let settingWithoutEffect = SharedRule(
    "setting-without-effect", .info, .silentlyIgnored, .file,
    "A setting that is read and changes nothing here.")
  static let settingReplaced = SharedRule(
    "setting-replaced", .warning, .changesTraining, .file,
    "A setting whose value the trainer replaces.")
  static let questionableSetting = SharedRule(
    "questionable-setting", .warning, .changesTraining, .file,
    "A setting that does what it says, which is hardly ever what is wanted.")
  static let optimizerRefusesValue = SharedRule(
    "optimizer-refuses-value", .error, .crashesAtStart, .optimizer,
    "An option with a value that the optimizer's library stops at.")
  static let optimizerDropsSetting = SharedRule(
    "optimizer-drops-setting", .warning, .silentlyIgnored, .optimizer,
    "Two options of an optimizer of which one switches the other off.")
  static let unusableOptimizer = SharedRule(
    "unusable-optimizer", .error, .crashesAtStart, .optimizer,
    "An optimizer that the trainer has by name and cannot run.")
  static let optimizerNotAsNamed = SharedRule(
    "optimizer-not-as-named", .warning, .changesTraining, .optimizer,
    "An optimizer name under which the trainer builds another optimizer.")
  static let optimizerNeedsPackage = SharedRule(
    "optimizer-needs-package", .info, .worthKnowing, .optimizer,
    "An optimizer whose package does not come with the trainer.")
  static let unknownOptimizerOption = SharedRule(
    "unknown-optimizer-option", .error, .crashesAtStart, .optimizer,
    "An option that the class of the optimizer does not have, or that the trainer passes itself.")
  static let questionableOption = SharedRule(
    "questionable-option", .warning, .changesTraining, .optimizer,
    "An optimizer option with a value that is accepted and hardly ever meant.")
}
