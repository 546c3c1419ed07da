import SwiftUI
import UIKit

/// Over everything while the app is not in front: the app switcher takes a picture of it.
struct Cover: View {
    var body: some View {
        Color.paper
            .ignoresSafeArea()
            .overlay { PictogramView(.heart, size: 64).foregroundStyle(Color.deepTeal) }
            .accessibilityHidden(true)
    }
}

/// The cover once more, in a window above all others: the camera's sheet and a question that is being asked stand above every view of
/// the app's own window.
@MainActor final class CoverWindow {
    private var window: UIWindow?

    var isShown = false {
        didSet {
            if isShown { show() } else { hide() }
        }
    }

    /// Where the system has given the app no scene, there is nothing to take a picture of.
    private func show() {
        guard window == nil else { return }
        guard let scene = UIApplication.shared.connectedScenes.compactMap({ $0 as? UIWindowScene }).first else { return }
        let window = UIWindow(windowScene: scene)
        window.windowLevel = UIWindow.Level.alert + 1
        window.rootViewController = UIHostingController(rootView: Cover())
        window.isHidden = false
        self.window = window
    }

    private func hide() {
        window?.isHidden = true
        window = nil
    }
}
