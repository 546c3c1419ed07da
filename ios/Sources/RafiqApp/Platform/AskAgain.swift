import Foundation

/// Who has said "not now" to reminders is left in peace for two weeks. Kept beside the profile, and tells nothing of it.
enum AskAgain {
    private static let key = "askForRemindersAfter"

    /// Whether it may be asked now.
    static func isTime(_ now: Date = Date(), in settings: UserDefaults = .standard) -> Bool {
        (settings.object(forKey: key) as? Date).map { $0 <= now } ?? true
    }

    /// Not for two weeks.
    static func later(_ now: Date = Date(), in settings: UserDefaults = .standard) {
        settings.set(now.addingTimeInterval(14 * 24 * 60 * 60), forKey: key)
    }
}
