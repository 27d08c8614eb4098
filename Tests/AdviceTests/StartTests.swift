import Advice
import Testing

@Suite struct StartTests {
  @Test func knowsTheTrainers() {
    #expect(Starter.backends == ["onetrainer", "kohya", "kohya-gui", "simpletuner", "ai-toolkit"])
  }
}
