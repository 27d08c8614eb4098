import Knowledge
import Optimizers
import Plans

extension PythonValue {
  /// As a setting has it.
  var setting: SettingValue {
    switch self {
    case .none: .null
    case .flag(let flag): .boolean(flag)
    case .whole(let number): .number(Double(number))
    case .real(let number): .number(number)
    case .text(let text): .text(text)
    case .list: .collection
    }
  }
}
