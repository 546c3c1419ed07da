import Foundation
import Rafiq
import RafiqPresenters
import Testing

@testable import RafiqApp

@Suite struct ReminderPlanTests {
    private func reminder(_ id: String, _ atMs: Int64) -> Reminder { Reminder(atMs: atMs, id: id) }

    @Test func putsUpWhatIsNewAndTakesDownWhatIsNoLongerDue() {
        let plan = ReminderPlan(
            wanted: [reminder("kept", 200), reminder("new", 300)], text: "Something",
            pending: ["reminder-kept-Something", "reminder-gone-Something"],
            nowMs: 100)
        #expect(plan.add == [reminder("new", 300)])
        #expect(plan.remove == ["reminder-gone-Something"])
    }

    @Test func inAnotherLanguageTheyArePutUpAnew() {
        let before = ReminderPlan(wanted: [reminder("one", 200)], text: "Something", pending: [], nowMs: 100)
        let after = ReminderPlan(wanted: [reminder("one", 200)], text: "Щось", pending: before.add.map(before.name), nowMs: 100)
        #expect(after.add == before.add)
        #expect(after.remove == ["reminder-one-Something"])
    }

    @Test func leavesAloneWhatOthersPutUpAndWhatIsOver() {
        let plan = ReminderPlan(
            wanted: [reminder("over", 100)], text: "Something", pending: ["something-else", "reminder-over-Something"], nowMs: 100)
        #expect(plan.add.isEmpty)
        #expect(plan.remove == ["reminder-over-Something"])
    }

    @Test func aMomentIsTheSameInEveryZone() throws {
        let moment = ReminderPlan.moment(1_774_746_000_000)  // 2026-03-29 01:00 UTC: the hour that does not exist in Berlin
        #expect(moment.timeZone == .gmt)
        #expect((moment.year, moment.month, moment.day) == (2026, 3, 29))
        #expect((moment.hour, moment.minute, moment.second) == (1, 0, 0))
    }

    /// Every sentence that the phone shows by its message id.
    @Test(arguments: ["en", "ar", "uk", "prs"]) func everyLanguageHasTheSentences(tag: String) throws {
        let language = try Language(tag)
        for id in [
            Reminders.sentence, "platform-reminders-why", "platform-yes", "platform-not-now", "platform-camera-aim",
            "platform-camera-refused", "platform-no-app",
        ] {
            let spoken = try language.text(id)
            #expect(!spoken.text.isEmpty && !spoken.fallback, "\(id) in \(tag)")
        }
    }

    @Test func whoSaidNotNowIsAskedAgainAfterTwoWeeks() throws {
        let settings = try #require(UserDefaults(suiteName: UUID().uuidString))
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        #expect(AskAgain.isTime(now, in: settings))
        AskAgain.later(now, in: settings)
        #expect(!AskAgain.isTime(now.addingTimeInterval(13 * 24 * 60 * 60), in: settings))
        #expect(AskAgain.isTime(now.addingTimeInterval(14 * 24 * 60 * 60), in: settings))
    }
}

@Suite struct QuickLockTests {
    /// A clock that is set by hand.
    private final class HandClock: Clock, @unchecked Sendable {  // one thread
        struct Instant: InstantProtocol {
            var since = Duration.zero
            func advanced(by duration: Duration) -> Instant { Instant(since: since + duration) }
            func duration(to other: Instant) -> Duration { other.since - since }
            static func < (one: Instant, other: Instant) -> Bool { one.since < other.since }
        }
        var now = Instant()
        var minimumResolution: Duration { .nanoseconds(1) }
        func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
    }

    @Test func locksAfterAMinuteAwayAndNotBefore() {
        let clock = HandClock()
        var lock = QuickLock(clock: clock)
        let atFirst = lock.cameBack()
        lock.left()
        clock.now.since += .seconds(59)
        let before = lock.cameBack()
        lock.left()
        clock.now.since += .seconds(60)
        let after = lock.cameBack()
        let again = lock.cameBack()
        #expect([atFirst, before, after, again] == [false, false, true, false])
    }

    @Test func countsFromTheFirstLeaving() {
        let clock = HandClock()
        var lock = QuickLock(clock: clock)
        lock.left()
        clock.now.since += .seconds(50)
        lock.left()
        clock.now.since += .seconds(10)
        let isDue = lock.cameBack()
        #expect(isDue)
    }
}

@Suite struct DeadlineTests {
    @Test func givesTheAnswerThatCameInTime() async {
        #expect(await within(.seconds(30)) { 7 } == 7)
    }

    @Test func cutsOffWhatTakesTooLong() async {
        let (ends, end) = AsyncStream<Bool>.makeStream()
        let answer = await within(.milliseconds(1)) { () -> Int in
            defer { end.yield(Task.isCancelled) }
            try await Task.sleep(for: .seconds(3600))
            return 7
        }
        #expect(answer == nil)
        #expect(await ends.first { _ in true } == true, "the work was told to end, and was waited for")
    }

    @Test func anErrorIsNoAnswer() async {
        let answer = await within(.seconds(30)) { () -> Int in throw CancellationError() }
        #expect(answer == nil)
    }
}

@Suite struct PictogramTests {
    /// Only what points along the line turns around with it: a clock or a telephone does not.
    @Test func onlyArrowsTurnAround() {
        #expect(Pictogram.allCases.filter(\.isDirected) == [.back, .forward])
    }
}
