import Optimizers
import Testing

@testable import Backends

/// What PyYAML 6.0.3 makes of each, with the resolver that ai-toolkit adds (toolkit/config.py:55-68).
@Suite struct YAMLScalarTests {
  @Test(
    arguments: [
      ("1e-4", "real 0.0001"), ("1e4", "real 10000.0"), ("-1e-4", "real -0.0001"),
      ("+1e-4", "real 0.0001"), ("1E5", "real 100000.0"), ("1.e4", "real 10000.0"),
      ("1.5e-3", "real 0.0015"), ("1.", "real 1.0"), (".5", "real 0.5"),
      (".5e-3", "real 0.0005"), (".5e3", "text"), ("-.5", "text"), ("1_000", "whole 1000"),
      ("1__0", "whole 10"), ("1_", "whole 1"), ("1_000.5", "real 1000.5"),
      ("1_0e2", "real 1000.0"), ("010", "whole 8"), ("08", "text"), ("0b11", "whole 3"),
      ("0b", "text"), ("0x1F", "whole 31"), ("0x", "text"), ("-0x1f", "whole -31"),
      ("0o17", "text"), ("1:30", "whole 90"), ("16:9", "whole 969"), ("1:60", "text"),
      ("1:5:30", "whole 3930"), ("1:30.5", "real 90.5"), ("01:30", "text"), ("0:30", "text"),
      ("+5", "whole 5"), ("-5", "whole -5"), ("--", "text"), ("5-", "text"), ("1-2", "text"),
      ("1e", "text"), ("1e-", "text"), ("e4", "text"), (".inf", "real inf"),
      ("-.inf", "real -inf"), ("+.Inf", "real inf"), (".nan", "real nan"), ("-.nan", "text"),
      (".NaN", "real nan"), ("inf", "text"), ("nan", "text"), ("yes", "flag true"),
      ("No", "flag false"), ("ON", "flag true"), ("off", "flag false"), ("y", "text"),
      ("n", "text"), ("true", "flag true"), ("TRUE", "flag true"), ("tRUE", "text"),
      ("null", "none"), ("~", "none"), ("Null", "none"), ("NULL", "none"), ("none", "text"),
      ("None", "text"), ("2026-01-31", "date"), ("2026-1-31", "text"), ("2026-1-3", "text"),
      ("2026-01-3", "text"), ("2026-01-31T12:00:00", "date"), ("2026-01-31t1:00:00", "date"),
      ("2026-01-3112", "text"), ("1.2.3", "text"), ("12abc", "text"), ("1e4.5", "text"),
      ("0", "whole 0"), ("00", "whole 0"), ("0_0", "whole 0"), ("-0", "whole 0"),
      ("0.0", "real 0.0"), ("0.0001", "real 0.0001"), ("0,0001", "text"), ("1,000", "text"),
      ("3.0", "real 3.0"), ("cuda:0", "text"), ("1/2", "text"), (".e5", "text"),
      ("._5", "real 0.5"), ("_5", "text"), ("5_e3", "real 5000.0"), ("1e+5", "real 100000.0"),
      ("1e1_0", "text"), ("12:34:56", "whole 45296"), ("59:59.9", "real 3599.9"),
      ("1:2:3.25", "real 3723.25"), ("2026-01-31 12:00:00", "date"),
      ("2026-01-31  1:00:00.5 Z", "date"),
    ])
  func resolves(text: String, kind: String) {
    #expect(Self.words(YAMLScalar(text)) == kind)
  }

  private static func words(_ scalar: YAMLScalar) -> String {
    switch scalar {
    case .date: "date"
    case .value(.none): "none"
    case .value(.flag(let flag)): "flag \(flag)"
    case .value(.whole(let number)): "whole \(number)"
    case .value(.real(let number)): "real \(number)"
    case .value(.text): "text"
    case .value(.list): "list"
    }
  }
}
