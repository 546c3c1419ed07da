import SwiftUI
import UIKit

extension View {
    /// Keeps the display on as long as `on` holds and this is seen, and not a moment longer.
    func staysOn(_ on: Bool) -> some View { modifier(StaysOn(on: on)) }
}

private struct StaysOn: ViewModifier {
    let on: Bool

    func body(content: Content) -> some View {
        content
            .onChange(of: on, initial: true) { _, on in UIApplication.shared.isIdleTimerDisabled = on }
            .onDisappear { UIApplication.shared.isIdleTimerDisabled = false }
    }
}
