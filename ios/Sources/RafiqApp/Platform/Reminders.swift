import Foundation
import Rafiq
import RafiqPresenters
import UserNotifications

/// Local notifications for what is due. They say that something is, and never what: a locked phone lies on a table.
@MainActor final class Reminders {
    /// How far ahead they are put up, in ms. The system keeps 64 at most; the library names the soonest 60.
    private static let horizonMs: Int64 = 14 * 24 * 60 * 60 * 1000
    /// What each of them says, by its message id.
    nonisolated static let sentence = "platform-reminder"
    private let center = UNUserNotificationCenter.current()

    /// Puts up what is due and takes down what no longer is. True if there is something to be reminded of, and nobody was asked yet
    /// whether they want that.
    @discardableResult func schedule(_ session: Session) async -> Bool {
        let nowMs = session.clock.nowMs()
        guard let wanted = try? await session.rafiq.today.reminders(nowMs: nowMs, horizonMs: Self.horizonMs, zone: session.zone)
        else {
            return false  // closed meanwhile: what was put up before stays
        }
        switch await status() {
        case .authorized, .provisional, .ephemeral: break
        case .notDetermined: return !wanted.isEmpty
        default: return false
        }
        guard let text = try? session.words.language.text(Self.sentence).text else { return false }
        let plan = ReminderPlan(wanted: wanted, text: text, pending: await pending(), nowMs: nowMs)
        center.removePendingNotificationRequests(withIdentifiers: plan.remove)
        for reminder in plan.add {
            let content = UNMutableNotificationContent()
            content.body = text
            content.sound = .default
            content.threadIdentifier = ReminderPlan.prefix  // they gather in one place
            let trigger = UNCalendarNotificationTrigger(dateMatching: ReminderPlan.moment(reminder.atMs), repeats: false)
            center.add(
                UNNotificationRequest(identifier: plan.name(reminder), content: content, trigger: trigger),
                withCompletionHandler: nil)
        }
        return false
    }

    /// Lets the system ask. Whether reminders may be shown.
    func ask() async -> Bool {
        await withCheckedContinuation { answer in
            center.requestAuthorization(options: [.alert, .sound]) { @Sendable granted, _ in answer.resume(returning: granted) }
        }
    }

    // The centre answers on a thread of its own: only values that may pass between threads leave its handlers.

    private func pending() async -> [String] {
        await withCheckedContinuation { answer in
            center.getPendingNotificationRequests { @Sendable requests in answer.resume(returning: requests.map(\.identifier)) }
        }
    }

    private func status() async -> UNAuthorizationStatus {
        await withCheckedContinuation { answer in
            center.getNotificationSettings { @Sendable settings in answer.resume(returning: settings.authorizationStatus) }
        }
    }
}

/// Which notifications are to be put up, and which to be taken down.
struct ReminderPlan: Equatable {
    /// Before the names of all of ours.
    static let prefix = "reminder-"
    let add: [Reminder]
    let remove: [String]
    private let text: String

    /// `text` is what they say, `pending` the names of what is put up already.
    init(wanted: [Reminder], text: String, pending: [String], nowMs: Int64) {
        self.text = text
        let due = wanted.filter { $0.atMs > nowMs }
        let (names, known) = (Set(due.map { Self.name($0, text) }), Set(pending))
        add = due.filter { !known.contains(Self.name($0, text)) }
        remove = pending.filter { $0.hasPrefix(Self.prefix) && !names.contains($0) }
    }

    /// The library's id, which is the same for as long as the thing and its time are the same, and what is said: in another language it
    /// is put up anew.
    func name(_ reminder: Reminder) -> String { Self.name(reminder, text) }

    private static func name(_ reminder: Reminder, _ text: String) -> String { "\(prefix)\(reminder.id)-\(text)" }

    /// A moment as the system matches it: in UTC, so that it is the same moment in whatever zone the phone is by then, and follows the
    /// clock when that is set.
    static func moment(_ atMs: Int64) -> DateComponents {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        var moment = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second], from: Date(timeIntervalSince1970: Double(atMs) / 1000))
        moment.calendar = calendar
        moment.timeZone = .gmt
        return moment
    }
}
