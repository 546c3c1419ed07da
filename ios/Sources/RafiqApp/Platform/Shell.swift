import Foundation
import Observation
import RafiqPresenters
import SwiftUI
import UIKit

/// The app between the system and its presenters: one for as long as the process lives. Closes the files before the system stops the
/// process, locks after a minute away, covers the app switcher's picture, keeps reminders up to date, exchanges in the background.
@MainActor @Observable public final class Shell {
    /// The one of this process.
    public static let shared = Shell()

    /// The name of the task in which it exchanges in the background.
    public nonisolated static let exchangeTask = BackgroundExchange.identifier

    /// The whole app.
    let app: AppPresenter
    /// Nothing of the profile is to be seen: in the app switcher, and until it is clear that it need not be locked.
    private(set) var isCovered = false { didSet { coverWindow.isShown = isCovered } }
    /// There is something to be reminded of, and it is time to ask whether that is wanted.
    var asksForReminders = false

    @ObservationIgnored private let coverWindow = CoverWindow()
    @ObservationIgnored private let reminders = Reminders()
    @ObservationIgnored private var quickLock: QuickLock<ContinuousClock>
    @ObservationIgnored private var isAway = true
    @ObservationIgnored private var isActive = false
    @ObservationIgnored private var lastMove: Task<Void, Never>?
    @ObservationIgnored private var clockWatch: [any NSObjectProtocol] = []

    private convenience init() {
        self.init(
            host: Host(
                folder: ProfileFolder.prepared(), vault: KeychainVault(),
                deviceLanguage: { Locale.preferredLanguages.first ?? "en" },
                zone: { TimeZone.autoupdatingCurrent.identifier }, metered: Line.watched()))
        watchClock()
    }

    init(host: RafiqPresenters.Host, quickLock: QuickLock<ContinuousClock> = QuickLock()) {
        app = AppPresenter(host: host)
        self.quickLock = quickLock
    }

    /// The system has told what the app is to the person now.
    public func changed(to phase: ScenePhase) {
        switch phase {
        case .active:
            isAway = false
            isActive = true
            move { await self.comeBack() }
        case .inactive:
            isCovered = true
            isActive = false
        case .background:
            isCovered = true
            isActive = false
            isAway = true
            quickLock.left()
            let grace = Grace("org.rafiq.suspend")
            move { await self.leave(within: grace) }
        @unknown default: break
        }
    }

    /// The system has woken the app to exchange. Ends by itself soon, and when it is cancelled.
    public func exchangeInBackground() async {
        BackgroundExchange.ask()
        await lastMove?.value
        await app.on(.start).value  // does nothing where it is open already
        await app.on(.resume).value
        if let session {  // locked: only the person can open it
            await BackgroundExchange.run(session)
            await reminders.schedule(session)
        }
        if isAway { await app.on(.suspend).value }
    }

    /// The person would like to be reminded: the system asks now.
    func remind() async {
        guard await reminders.ask(), let session else { return }
        await reminders.schedule(session)
    }

    /// The profile, where it is open.
    var session: Session? {
        if case .content(let content) = app.state, case .open(let session) = content.at { session } else { nil }
    }

    private func comeBack() async {
        // Gone again while this waited: how long they were away is for the next coming to ask, from when they first left.
        if isAway { return }
        if quickLock.cameBack() { await app.on(.lock).value }  // does nothing without a passphrase
        await app.on(.start).value
        await app.on(.resume).value
        isCovered = !isActive
        if isActive, let session, await reminders.schedule(session), AskAgain.isTime() { asksForReminders = true }
    }

    private func leave(within grace: Grace) async {
        defer { grace.end() }
        BackgroundExchange.ask()
        if let session { await reminders.schedule(session) }
        if isAway { await app.on(.suspend).value }
    }

    /// One after the other: who comes back while the files are being closed waits until they are, then opens them.
    private func move(_ step: @escaping @MainActor () async -> Void) {
        let before = lastMove
        lastMove = Task {
            await before?.value
            await step()
        }
    }

    /// Days begin and end elsewhere when the clock or the zone is changed.
    private func watchClock() {
        clockWatch = [UIApplication.significantTimeChangeNotification, .NSSystemTimeZoneDidChange].map { name in
            NotificationCenter.default.addObserver(forName: name, object: nil, queue: nil) { _ in
                Task { @MainActor in
                    let shell = Shell.shared
                    guard !shell.isAway, let session = shell.session else { return }
                    await shell.reminders.schedule(session)
                }
            }
        }
    }
}

/// What stands in the window.
public struct RootView: View {
    private let shell: Shell

    public init(shell: Shell) { self.shell = shell }

    public var body: some View {
        AppView(app: shell.app)
            // What lies under the cover is not read out either, and takes no keys.
            .accessibilityHidden(shell.isCovered)
            .disabled(shell.isCovered)
            .modifier(ReminderQuestion(shell: shell, labels: Labels(words: shell.session?.words)))
            .overlay { if shell.isCovered { Cover() } }
            .tint(.deepTeal)
    }
}

/// Says why, before the system asks.
private struct ReminderQuestion: ViewModifier {
    @Bindable var shell: Shell
    let labels: Labels

    func body(content: Content) -> some View {
        content.confirmationDialog(
            labels.platform("platform-reminders-why"), isPresented: $shell.asksForReminders, titleVisibility: .visible
        ) {
            Button(labels.platform("platform-yes")) { Task { await shell.remind() } }
            Button(labels.platform("platform-not-now"), role: .cancel) { AskAgain.later() }
        }
    }
}
