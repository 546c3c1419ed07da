import UIKit

/// A few seconds more, which the system gives whoever asks for them at once when the app is left; what does not end within them is cut off
/// without loss. Each leaving has its own: who leaves, comes back and leaves again must not end the second one's with the first.
@MainActor final class Grace {
    private var task = UIBackgroundTaskIdentifier.invalid

    init(_ name: String) {
        task = UIApplication.shared.beginBackgroundTask(withName: name) { [weak self] in self?.end() }
    }

    /// Nothing more is to be done. The system is told once.
    func end() {
        if task == .invalid { return }
        UIApplication.shared.endBackgroundTask(task)
        task = .invalid
    }
}
