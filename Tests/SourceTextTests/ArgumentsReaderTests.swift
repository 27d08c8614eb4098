import SourceText
import TestSupport
import Testing

@Suite struct ArgumentsReaderTests {
  private static func outline(_ text: String, _ path: String) throws -> [String] {
    ArgumentsOutline.lines(try ArgumentsReader.read(SourceFile(path: path, text: text)))
  }

  @Test(arguments: [
    (
      """
      accelerate launch --num_cpu_threads_per_process 1 sdxl_train_network.py --learning_rate=1e-4 \
      --optimizer_args weight_decay=0.1 "betas=0.9,0.99" --cache_latents
      """,
      [
        "num_cpu_threads_per_process=1 | sdxl_train_network.py | "
          + "learning_rate=1e-4 optimizer_args[weight_decay=0.1,betas=0.9,0.99] cache_latents! | "
      ]
    ),
    (
      "python -u train.py data --a -1 --b=-x --c -.5 -d",
      ["u! | train.py | a=-1 b=-x c=-.5 d! | [data]"]
    ),
    (
      "python a.py --x=1 y --z -- --q\npython b.py",
      [" | a.py | x=1 z! | [y,--q]", " | b.py |  | "]
    ),
    (
      "cd /a && CUDA_VISIBLE_DEVICES=0 nohup python3.10 a.py --x > log 2>&1 &\necho done",
      [" | a.py | x! | "]
    ),
    (
      "(python a.py --x) | tee >(cat); torchrun --n=2 \"b c.py\" --y",
      [" | a.py | x! | ", "n=2 | b c.py | y! | "]
    ),
    (
      "if true; then\n  !accelerate launch a.py --x\n  fi\n./venv/bin/accelerate launch b.py\n",
      [" | a.py | x! | ", " | b.py |  | "]
    ),
    // Quotes
    (
      #"python a.py --a='x "y' --b="x \"\$ \y" --c=x\ y --d=a'b'"c" "--e=f g" --h=$'i\tj\''"#,
      [" | a.py | a=x \"y b=x \"$ \\y c=x y d=abc e=f g h=i\tj' | "]
    ),
    ("python a.py --a '' --b=\"\" --c= --d \"-x y\"", [" | a.py | a= b= c= d=-x y | "]),
    ("python a.py --a=\"x\ny\" --b", [" | a.py | a=x\ny b! | "]),
    (
      "python a.py --a=${X:-y z} --b $(date +%s \"a b\") --c `ls -l` $REST",
      [" | a.py | a=${X:-y z} b=$(date +%s \"a b\") c[`ls -l`,$REST] | "]
    ),
    // Joined lines, and lines that only a guide shows so
    ("python a.py \\\n  --a 1 \\  \r\n  # --b 2 \\\n  --c\n", [" | a.py | a=1 c! | "]),
    ("python a.py\n --a\n --b 1\n\"c\" <d e>\n\n--f", [" | a.py | a! b[1,c,<d e>] | "]),
    ("python a.py \n\u{3000} --a <x 日> \n\t--b=<y>/z\n---\n", [" | a.py | a=<x 日> b=<y>/z | "]),
    ("accelerate launch a.py ... --x 1 \\\n ...", [" | a.py | x=1 | "]),
    ("python a.py --a\\\n--b\\\n=c", [" | a.py | a--b=c | "]),
    // What starts no script
    (
      "pip install accelerate\naccelerate config\npython -c 'x.py'\necho python a.py\n# python b.py\n"
        + "python -m pip install x\nsay it's\npython c.py", [" | c.py |  | "]
    ),
    (
      "\u{FEFF}$ python a.py --x # c\nuser@host:~$ python b.py --y",
      [" | a.py | x! | ", " | b.py | y! | "]
    ),
    (
      "Run python x.py:\n```bash\npython a.py --a\n```\npython y.py\n~~~\n```\npython b.py\n",
      [" | a.py | a! | ", " | b.py |  | "]
    ),
  ])
  func bash(text: String, commands: [String]) throws {
    #expect(try Self.outline(text, "a.sh") == commands)
  }

  @Test(arguments: [
    (
      "accelerate launch `\r\n  train.py `\r\n  --a=$dir\"\\last.ckpt\" `  \r\n --b $([Math]::Ceiling($x/2))\r\n",
      [" | train.py | a=$dir\\last.ckpt b=$([Math]::Ceiling($x/2)) | "]
    ),
    (
      "& \"C:\\py\\python.exe\" $p\\a.py --a=\"x`\"y\"\"z\" --b 'it''s' --c C:\\x\\ --d `$e; python b.py",
      [" | $p\\a.py | a=x\"y\"z b=it's c=C:\\x\\ d=$e | ", " | b.py |  | "]
    ),
    (
      "<# python a.py\n#>\nif ($x) { python b.py --x }\n# python c.py\nWrite-Host \"python d.py\"\n",
      [" | b.py | x! | "]
    ),
    (
      "PS C:\\sd> python a.py --x\n(venv) PS C:\\sd> python b.py --y=$env:Z",
      [" | a.py | x! | ", " | b.py | y=$env:Z | "]
    ),
  ])
  func powerShell(text: String, commands: [String]) throws {
    #expect(try Self.outline(text, "a.ps1") == commands)
  }

  @Test(arguments: [
    (
      "@echo off\r\nREM python a.py\r\n:: python b.py\r\ncall venv\\Scripts\\activate\r\n"
        + "\"%~dp0python.exe\" c.py ^\r\n  --a=\"x y\" ^\r\n  --b 'c d' --e=%F% --g=h^&i\r\n",
      [" | c.py | a=x y b['c,d'] e=%F% g=h&i | "]
    ),
    (
      "python a.py --a=\"C:\\x\\\\\" --b=C:\\y\\ --c=\\\"d --e=\"f\\\"g\" & python b.py",
      [" | a.py | a=C:\\x\\ b=C:\\y\\ c=\"d e=f\"g | ", " | b.py |  | "]
    ),
    ("C:\\sd>accelerate.exe launch --m=1 a.py --x;y", ["m=1 | a.py | x;y! | "]),
  ])
  func cmd(text: String, commands: [String]) throws {
    #expect(try Self.outline(text, "a.bat") == commands)
  }

  /// Marked are the keys and values of the options.
  @Test(arguments: [
    ("python a.py ⟪--a⟫=⟪1e-4⟫ \\\n  ⟪--b⟫ ⟪'x y'⟫ ⟪--c⟫⟪⟫ ⟪--d⟫ ⟪e \"f\"⟫\n", "a.sh"),
    ("python a.py \"⟪--a⟫=⟪x y⟫\" ⟪--日⟫=⟪日⟫", "a.sh"),
    ("python a.py ⟪--a⟫=⟪$x\"\\y\"⟫ ⟪-b⟫⟪⟫", "a.ps1"),
  ])
  func placesAreExact(marked: String, path: String) throws {
    // A flag is where its option is.
    let expected = MarkedText(marked)
    let document = try ArgumentsReader.read(SourceFile(path: path, text: expected.text))
    let arguments = try #require(document.root.children.first { _ in true }?["arguments"])
    let spans = arguments.children.flatMap { node -> [Range<Int>] in
      let key = node.keySpan?.bytes ?? 0..<0
      let value = node.span.bytes
      return node.kind == .null && value == key
        ? [key, key.upperBound..<key.upperBound] : [key, value]
    }
    #expect(MarkedText.marking(expected.text, spans) == marked)
  }

  @Test func keyPathsAreOptionNames() throws {
    let text = "python -u x.py w --learning_rate=1 --optimizer_args a b\npython y.py --z"
    let document = try ArgumentsReader.read(SourceFile(path: "a.sh", text: text))
    #expect(
      DocumentChecks.nodes(document).map(\.keyPath)
        == [
          "", "", "launcher", "launcher.u", "script", "arguments", "learning_rate",
          "optimizer_args",
          "optimizer_args[0]", "optimizer_args[1]", "words", "words[0]", "", "launcher", "script",
          "arguments", "z",
        ])
  }

  @Test func optionsThatComeTwiceAreRepeatedKeys() throws {
    let source = SourceFile(path: "a.sh", text: "python a.py --lr 1 --x --lr=2")
    let document = try ArgumentsReader.read(source)
    #expect(document.repeatedKeys.map { [$0.first.text, $0.second.text] } == [["1", "2"]])
    let arguments = document.root.children.first { _ in true }?["arguments"]
    #expect(arguments?["lr"]?.text == "2")
    #expect(arguments?["lr"]?.kind == .plain && arguments?["x"]?.kind == .null)
  }

  @Test(arguments: [
    ("python a.py --a=⟪\"⟫x\n", "this quote is not closed", "a.sh"),
    ("python a.py --a=⟪'⟫x", "this quote is not closed", "b.txt"),
    ("python a.py --a ⟪'⟫x\n--b", "this quote is not closed", "a.ps1"),
    ("python a.py --a=⟪\"⟫x\r\n--b=\"", "this quote is not closed", "a.bat"),
    ("\n  ⟪--network_args \"a=1\"⟫\n", "no command here", "a.txt"),
    ("⟪⟫", "no command here", "a.sh"),
    ("⟪echo 'x⟫", "no command here", "a.sh"),
  ])
  func errorsHavePlaces(marked: String, message: String, path: String) throws {
    let expected = MarkedText(marked)
    let source = SourceFile(path: path, text: expected.text)
    let error = try #require(throws: SyntaxError.self) { try DocumentReader.read(source) }
    #expect(error.message.hasPrefix(message))
    #expect(error.bytes == expected.ranges[0])
  }

  @Test(arguments: [
    ("accelerate launch a.py", DocumentFormat.arguments), ("# c\n\n$ python a.py --x", .arguments),
    ("X=1\ncd y\npython \"a.py\" --x", .arguments), ("--lr 1", .arguments),
    ("lr: 1\n# accelerate launch", .yaml), ("cmd: accelerate launch a.py", .yaml),
    ("lr = 1\n", .toml), ("lr=1\n", .toml), ("---\na: 1\n", .yaml),
    ("[a]\nb = 'python a.py --x'", .toml),
    ("- accelerate launch a.py", .yaml), ("{\"a\": \"accelerate launch\"}", .json), ("a", .yaml),
    ("\"a b\": python\nc.py: d", .yaml), ("python a.py", .arguments), ("pythonic a.pyx", .yaml),
    ("python a.py \\\n --a: x", .arguments), ("", .yaml),
  ])
  func formatByContent(text: String, format: DocumentFormat) {
    #expect(DocumentReader.format(of: SourceFile(path: "-", text: text)) == format)
  }

  @Test(arguments: [
    ("a.sh", ShellDialect.bash), ("A.PS1", .powerShell), ("a.cmd", .cmd), ("a.txt", .bash),
  ])
  func dialectByName(path: String, dialect: ShellDialect) {
    #expect(ShellDialect(of: SourceFile(path: path, text: "x")) == dialect)
  }

  @Test(arguments: [
    ("a \\\n b `\n c `\r\n", ShellDialect.powerShell), ("a ^\n b ^\n c \\\n", .cmd),
    ("a \\\n", .bash),
    ("PS> python a.py", .powerShell), ("@echo off\npython a.py", .cmd), ("python a.py", .bash),
  ])
  func dialectByContent(text: String, dialect: ShellDialect) {
    #expect(ShellDialect(of: SourceFile(path: "-", text: text)) == dialect)
  }
}
