import BackgroundTasks
import Foundation
import Rafiq
import RafiqPresenters

/// Exchanges while nobody looks, when the system finds the time for it.
@MainActor enum BackgroundExchange {
    /// The name that Info.plist permits.
    nonisolated static let identifier = "org.rafiq.app.exchange"
    /// Not sooner than this, in seconds.
    private static let pause: TimeInterval = 60 * 60
    /// The system gives about half a minute; this leaves time to close the files.
    private static let limit = Duration.seconds(20)
    /// Bytes a request and an answer: a bad line carries this within the limit. Alerts go first.
    private static let atOnce: Int64 = 128 * 1024

    /// Asks to be woken. Asking again replaces what was asked before. Where the person has forbidden it the system refuses, and
    /// exchanges happen when the app is open.
    static func ask() {
        let request = BGAppRefreshTaskRequest(identifier: identifier)
        request.earliestBeginDate = Date(timeIntervalSinceNow: pause)
        try? BGTaskScheduler.shared.submit(request)
    }

    /// One exchange with each relay within budget and limit. What was received stays, whenever it is cut off.
    static func run(_ session: Session) async {
        let (rafiq, carrier, budget) = (session.rafiq, session.carrier, session.budget(atOnce))
        _ = await within(limit) { try await rafiq.exchange(budget: budget, rounds: 4, carrier: carrier) }
    }
}
