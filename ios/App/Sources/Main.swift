import RafiqApp
import SwiftUI

/// The app: its window, and what the system wakes it for.
@main struct Main: App {
    @Environment(\.scenePhase) private var phase

    var body: some Scene {
        WindowGroup { RootView(shell: .shared) }
            .onChange(of: phase, initial: true) { _, phase in Shell.shared.changed(to: phase) }
            .backgroundTask(.appRefresh(Shell.exchangeTask)) { await Shell.shared.exchangeInBackground() }
    }
}
