import CandorNumerics
import Foundation
import Testing

@Suite("Worker team")
struct WorkerTeamTests {
  private struct Stopped: Error {}

  @Test("Every member works once a round, and a round ends with the last", arguments: [1, 2, 5])
  func rounds(members: Int) {
    let counts = (0..<members).map { _ in LockedState(0) }
    WorkerTeam.withTeam(threads: members, work: { member in counts[member].withLock { $0 += 1 } }) {
      team in
      #expect(team.size == members)
      for round in 1...2_000 {
        team.run()
        // Nothing is still under way: all have counted this round, and none the next.
        let found = counts.map { $0.withLock { $0 } }
        if found != [Int](repeating: round, count: members) {
          Issue.record("round \(round): \(found)")
          break
        }
      }
    }
  }

  @Test("Members that went to sleep are woken")
  func sleepers() {
    let total = LockedState(0)
    WorkerTeam.withTeam(threads: 3, work: { _ in total.withLock { $0 += 1 } }) { team in
      for pause in [0, 0.02, 0.05, 0, 0.03] {
        Thread.sleep(forTimeInterval: pause)
        team.run()
      }
    }
    #expect(total.withLock { $0 } == 15)
  }

  @Test("A caller that waits for a slow member sleeps and is woken")
  func slowMember() {
    let done = LockedState(0)
    WorkerTeam.withTeam(
      threads: 2,
      work: { member in
        if member == 1 { Thread.sleep(forTimeInterval: 0.03) }
        done.withLock { $0 += 1 }
      }
    ) { team in
      for round in 1...3 {
        team.run()
        #expect(done.withLock { $0 } == 2 * round)
      }
    }
  }

  @Test("What the body throws is passed on, and a count below one is one")
  func errors() {
    #expect(throws: Stopped.self) {
      try WorkerTeam.withTeam(threads: 0, work: { _ in }) { team throws(Stopped) in
        team.run()
        throw Stopped()
      }
    }
  }
}
