import Foundation
import SourceText
import TestSupport
import Testing

@Suite struct ArgumentsEditorTests {
  enum Edit {
    case replace(EditValue)
    case part(String, String)
    case insert(String, EditValue)
    case launcher(String, EditValue)
    case remove
    case rename(String)
  }

  /// `x` is what is changed; of several values the second.
  @Test(
    arguments: [
      ("python a.py --x=1e-4 --y", "a.sh", .replace(.number(1)), "python a.py --x=1 --y"),
      (
        "python a.py --x '1' \\\n --y", "a.sh", .replace(.text("it's")),
        "python a.py --x \"it's\" \\\n --y"
      ),
      ("python a.py --x '1'", "a.sh", .replace(.text("a b")), "python a.py --x 'a b'"),
      (
        "python a.py --x \"1\"", "a.sh", .replace(.text("a\\\"b")), "python a.py --x \"a\\\\\\\"b\""
      ),
      ("python a.py --x 1", "a.sh", .replace(.text("$A")), nil),
      ("python a.py --x 1", "a.sh", .replace(.text("-a")), nil),
      ("python a.py --x=1", "a.sh", .replace(.text("-a")), "python a.py --x=-a"),
      ("python a.py --x 1", "a.sh", .replace(.null), nil),
      (
        "python a.py --x 1 # c", "a.sh", .replace(.texts(["a b", "c=d"])),
        "python a.py --x \"a b\" c=d # c"
      ),
      ("python a.py --x=1 --y", "a.sh", .replace(.texts(["a", "b"])), "python a.py --x a b --y"),
      ("python a.py --x=1 y", "a.sh", .replace(.texts(["a", "b"])), nil),
      ("python a.py \"--x=1\"", "a.sh", .replace(.text("b")), "python a.py \"--x=b\""),
      ("python a.py \"--x=1\"", "a.sh", .replace(.text("b c")), nil),
      ("python a.py --x --y 1", "a.sh", .replace(.text("b")), "python a.py --x b --y 1"),
      ("python a.py --x --y=1", "a.sh", .replace(.number(2)), "python a.py --x=2 --y=1"),
      ("python a.py --x --y=1", "a.sh", .replace(.boolean(false)), "python a.py --y=1"),
      ("python a.py --x='C:\\a\\'", "a.ps1", .replace(.text("it's")), "python a.py --x='it''s'"),
      ("python a.py --x=1", "a.ps1", .replace(.text("0.9,0.99")), "python a.py --x=\"0.9,0.99\""),
      ("python a.py --x=1", "a.ps1", .replace(.text("a\"b")), nil),
      ("python a.py --x=1", "a.bat", .replace(.text("C:\\a b")), "python a.py --x=\"C:\\a b\""),
      ("python a.py --x=1", "a.bat", .replace(.text("it's")), "python a.py --x=\"it's\""),
      ("python a.py --x=1", "a.bat", .replace(.text("10%")), nil),
      ("python a.py --x=1", "a.bat", .replace(.text("a b\\")), nil),
      // Parts
      (
        "python a.py --x a \"betas=0.9,0.99\"", "a.sh", .part("0.99", "0.999"),
        "python a.py --x a \"betas=0.9,0.999\""
      ),
      (
        "python a.py --x=weight_decay=0.1", "a.sh", .part("0.1", "0 1"),
        "python a.py --x=\"weight_decay=0 1\""
      ),
      ("python a.py --x=\"a\\\"b 日\"", "a.sh", .part("\"b", "c\\"), "python a.py --x=\"ac\\\\ 日\""),
      ("python a.py --x=a'b'", "a.sh", .part("b", "c"), "python a.py --x=ac"),
      ("python a.py --x=$A/b", "a.sh", .part("b", "c"), nil),
      // Adding
      ("python a.py --x=1", "a.sh", .insert("y", .text("a b")), "python a.py --x=1 --y=\"a b\""),
      ("python a.py --x 1", "a.sh", .insert("y", .number(2)), "python a.py --x 1 --y 2"),
      ("python a.py --x", "a.sh", .insert("y", .boolean(true)), "python a.py --x --y"),
      ("python a.py --x", "a.sh", .insert("y", .boolean(false)), nil),
      ("python a.py --x", "a.sh", .insert("x", .number(2)), nil),
      ("python a.py --x", "a.sh", .insert("y z", .number(2)), nil),
      ("python a.py --x -- b", "a.sh", .insert("y", .number(2)), nil),
      (
        "python a.py \\\r\n  --x=1 \\\r\n  --w # c\r\necho\r\n", "a.sh", .insert("y", .number(2)),
        "python a.py \\\r\n  --x=1 \\\r\n  --w \\\r\n  --y=2 # c\r\necho\r\n"
      ),
      (
        "python a.py `\n  --x 1 `\n", "a.ps1", .insert("y", .texts(["a", "b"])),
        "python a.py `\n  --x 1 `\n  --y a b `\n"
      ),
      (
        "python a.py ^\n  --x=1\n", "a.bat", .insert("y", .number(2)),
        "python a.py ^\n  --x=1 ^\n  --y=2\n"
      ),
      (
        "python a.py\n --x=1\n --z\n\nrest", "a.sh", .insert("y", .number(2)),
        "python a.py\n --x=1\n --z\n --y=2\n\nrest"
      ),
      ("(python a.py --x) && b", "a.sh", .insert("y", .number(2)), "(python a.py --x --y=2) && b"),
      (
        "accelerate launch a.py --x", "a.sh", .launcher("y", .text("b")),
        "accelerate launch --y=b a.py --x"
      ),
      (
        "accelerate launch --z 1 a.py --x", "a.sh", .launcher("y", .text("b")),
        "accelerate launch --z 1 --y b a.py --x"
      ),
      // Removing
      ("python a.py --w --x 1 2 --y", "a.sh", .remove, "python a.py --w --x 1 --y"),
      ("python a.py --w --x 1 --y", "a.sh", .remove, "python a.py --w --y"),
      (
        "python a.py \\\n  --w \\\n  --x=1 \\\n  --y\n", "a.sh", .remove,
        "python a.py \\\n  --w \\\n  --y\n"
      ),
      ("python a.py \\\n  --w \\\n  --x=1\n", "a.sh", .remove, "python a.py \\\n  --w\n"),
      ("python a.py ^\r\n  --x=1 ^\r\n  --w\r\n", "a.bat", .remove, "python a.py ^\r\n  --w\r\n"),
      ("python a.py\n --w # c\n --x=1\n --y\n", "a.sh", .remove, "python a.py\n --w # c\n --y\n"),
      ("python a.py\n --w # c\n --x=1 --y\n", "a.sh", .remove, "python a.py\n --w # c\n --y\n"),
      (
        "python a.py \\\n  # c\n  --x=1 \\\n  --y\n", "a.sh", .remove,
        "python a.py \\\n  # c\n  --y\n"
      ),
      ("python a.py \"--x=1 2\" --y", "a.sh", .remove, "python a.py --y"),
      ("python a.py --w --x=1 y", "a.sh", .remove, nil),
      // Renaming
      ("python a.py --x=1", "a.sh", .rename("y_z"), "python a.py --y_z=1"),
      ("python a.py \"--x=1\"", "a.sh", .rename("y"), "python a.py \"--y=1\""),
      ("python a.py --x --y", "a.sh", .rename("y"), nil),
      ("python a.py --x", "a.sh", .rename("a b"), nil),
    ] as [(String, String, Edit, String?)])
  func edits(text: String, path: String, edit: Edit, expected: String?) throws {
    let document = try ArgumentsReader.read(SourceFile(path: path, text: text))
    let command = try #require(document.root.children.first { _ in true })
    let arguments = try #require(command["arguments"])
    let option = try #require(arguments["x"])
    let node = option.kind == .sequence ? Array(option.children)[1] : option
    let editor = document.editor
    let edits: [TextEdit]?
    switch edit {
    case .replace(let value): edits = editor.replace(option, with: value)
    case .part(let part, let new):
      let place = try #require(node.text.firstRange(of: part))
      let start = node.text.utf8.distance(from: node.text.startIndex, to: place.lowerBound)
      edits = editor.replace(part: start..<(start + part.utf8.count), of: node, with: new)
    case .insert(let key, let value): edits = editor.insert(key: key, value, into: arguments)
    case .launcher(let key, let value):
      edits = try editor.insert(key: key, value, into: #require(command["launcher"]))
    case .remove: edits = editor.remove(node)
    case .rename(let key): edits = editor.rename(option, to: key)
    }
    let after = edits.map {
      let fix = Fix(title: "", safety: .safe, edits: $0)
      return String(decoding: document.source.applying([fix]).bytes, as: UTF8.self)
    }
    #expect(after == expected)
  }

  @Test func whatIsNoOptionStays() throws {
    let document = try ArgumentsReader.read(SourceFile(path: "a.sh", text: "python a.py b --x"))
    let command = try #require(document.root.children.first { _ in true })
    let editor = document.editor
    for node in [document.root, command] + Array(command.children) where node.key != "script" {
      #expect(editor.replace(node, with: .text("a")) == nil)
      #expect(editor.remove(node) == nil)
      #expect(editor.rename(node, to: "y") == nil)
    }
    #expect(editor.insert(key: "y", .number(1), into: document.root) == nil)
    #expect(editor.insert(key: "y", .number(1), into: command) == nil)
    let script = try #require(command["script"])
    #expect(editor.replace(script, with: .text("c d.py"))?.first?.text == "\"c d.py\"")
    #expect(editor.remove(script) == nil && editor.rename(script, to: "y") == nil)
  }
}
