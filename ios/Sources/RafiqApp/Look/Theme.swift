import Foundation
import SwiftUI
import UIKit

// The look, in one place: colours (of the palette), type, spacing, shapes. Screens name these and nothing else.

extension Color {
    static let paper = Color(Palette.paper)
    static let card = Color(Palette.card)
    static let ink = Color(Palette.ink)
    static let softInk = Color(Palette.softInk)
    static let line = Color(Palette.line)
    static let hairline = Color(Palette.hairline)
    static let deepTeal = Color(Palette.teal)  // `teal` is the system's own
    static let onTeal = Color(Palette.onTeal)
    static let paleTeal = Color(Palette.paleTeal)
    static let amber = Color(Palette.amber)
    static let paleAmber = Color(Palette.paleAmber)
    static let faceInk = Color(Palette.faceInk)

    /// The colour of a shade; it follows day and night by itself.
    init(_ shade: Shade) {
        self.init(uiColor: UIColor { traits in UIColor(rgb: traits.userInterfaceStyle == .dark ? shade.dark : shade.light) })
    }
}

extension UIColor {
    fileprivate convenience init(rgb: UInt32) {
        let part = { (shift: UInt32) in CGFloat((rgb >> shift) & 0xFF) / 255 }
        self.init(red: part(16), green: part(8), blue: part(0), alpha: 1)
    }
}

/// Type: the system's own letters, which hold every script that people read here, in sizes that follow the reader's. Nothing is smaller
/// than `small`, 15 points at the usual size.
extension Font {
    /// The one heading of a screen.
    static let heading = Font.system(.title, design: .rounded, weight: .bold)
    /// Above a part of a screen.
    static let part = Font.system(.title3, design: .rounded, weight: .semibold)
    /// What a row or a button says first.
    static let strong = Font.system(.body, weight: .semibold)
    /// What is read.
    static let words = Font.system(.body)
    /// What is read second.
    static let small = Font.system(.subheadline)
}

/// Distances, in points.
enum Space {
    static let tiny: CGFloat = 4
    static let small: CGFloat = 8
    static let middle: CGFloat = 12
    static let large: CGFloat = 20
    static let huge: CGFloat = 32
    /// The least size of what can be touched: a little more than the platform's 44.
    static let touch: CGFloat = 48
    /// A line longer than this is hard to read (a tablet held across).
    static let widest: CGFloat = 620
}

extension Shape where Self == RoundedRectangle {
    /// Cards and sheets.
    static var rounded: RoundedRectangle { RoundedRectangle(cornerRadius: 18) }
    /// Buttons, fields and choices.
    static var softened: RoundedRectangle { RoundedRectangle(cornerRadius: 14) }
}
