import Foundation
import UIKit

/// The clipboard of this phone.
enum Clipboard {
    /// An invitation is good for as long as it holds: it is not given to other devices, and forgotten after ten minutes.
    @MainActor static func copy(_ text: String) {
        UIPasteboard.general.setItems(
            [["public.utf8-plain-text": text]], options: [.localOnly: true, .expirationDate: Date(timeIntervalSinceNow: 10 * 60)])
    }
}
