import Foundation

/// A colour by day and by night, each 0xRRGGBB.
struct Shade: Sendable, Equatable {
    let light: UInt32
    let dark: UInt32
}

/// The colours: warm paper, deep teal for what one does, amber for what is urgent and for nothing else. No red: how somebody feels is
/// no alarm. Plain numbers, so that their contrast can be computed anywhere.
enum Palette {
    /// Behind everything.
    static let paper = Shade(light: 0xFAF5EC, dark: 0x14191A)
    /// Cards and fields, a little above the paper.
    static let card = Shade(light: 0xFFFDF8, dark: 0x1F2627)
    /// What is read.
    static let ink = Shade(light: 0x23302F, dark: 0xF1ECE2)
    /// What is read second.
    static let softInk = Shade(light: 0x414C4A, dark: 0xC9D3CF)
    /// Borders of what can be touched; told from the paper at 3:1.
    static let line = Shade(light: 0x8A8577, dark: 0x75827F)
    /// Between the parts of a card; only an ornament.
    static let hairline = Shade(light: 0xE6DECF, dark: 0x2F3838)
    /// The main action, what is chosen, what leads somewhere.
    static let teal = Shade(light: 0x0B5A58, dark: 0x83D0C7)
    /// On ``teal``.
    static let onTeal = Shade(light: 0xFFFFFF, dark: 0x06302E)
    /// Behind what is chosen, and behind a notice.
    static let paleTeal = Shade(light: 0xDBEBE7, dark: 0x1D3B39)
    /// What is urgent.
    static let amber = Shade(light: 0x6E3F00, dark: 0xF3C171)
    /// Behind what is urgent.
    static let paleAmber = Shade(light: 0xFCEACB, dark: 0x3B2D13)

    /// Behind the five faces, from very hard to very good: dusk to morning.
    static let faces = [
        Shade(light: 0xC9CFDD, dark: 0xAEB6CA), Shade(light: 0xCDD9DE, dark: 0xB2C3CA), Shade(light: 0xE8DFCB, dark: 0xD5C9AF),
        Shade(light: 0xCFE3D3, dark: 0xB1CDB8), Shade(light: 0xF5DFA6, dark: 0xE6CB86),
    ]
    /// The lines of a face.
    static let faceInk = Shade(light: 0x23302F, dark: 0x1B2626)

    /// Which words stand on which ground. Every one of them can be read at 4.5:1, by day and by night.
    static let reading: [(words: Shade, ground: Shade)] = [
        (ink, paper), (ink, card), (ink, paleTeal), (ink, paleAmber), (softInk, paper), (softInk, card), (softInk, paleTeal),
        (softInk, paleAmber), (softInk, hairline),
        (teal, paper), (teal, card), (teal, paleTeal), (onTeal, teal), (amber, paper), (amber, card), (amber, paleAmber),
    ]
    /// Small print, and what is urgent: at 7:1, by day and by night, for tired eyes and poor light.
    static let readingSmall: [(words: Shade, ground: Shade)] = [
        (softInk, paper), (softInk, card), (softInk, paleTeal), (softInk, paleAmber), (amber, paper), (amber, card),
        (amber, paleAmber),
    ]
    /// What has to be told apart without being read: borders of fields, and the faces' lines. 3:1.
    static let seeing: [(mark: Shade, ground: Shade)] = [(line, paper), (line, card)] + faces.map { (faceInk, $0) }
}

extension Shade {
    /// How well words of this colour can be told from `ground`, from 1 to 21 (WCAG 2.2, relative luminance), by day and by night.
    func contrast(on ground: Shade) -> (light: Double, dark: Double) {
        (Self.contrast(light, ground.light), Self.contrast(dark, ground.dark))
    }

    private static func contrast(_ one: UInt32, _ other: UInt32) -> Double {
        let (a, b) = (luminance(one), luminance(other))
        return (max(a, b) + 0.05) / (min(a, b) + 0.05)
    }

    private static func luminance(_ colour: UInt32) -> Double {
        let parts = [16, 8, 0].map { shift -> Double in
            let part = Double((colour >> shift) & 0xFF) / 255
            return part <= 0.04045 ? part / 12.92 : pow((part + 0.055) / 1.055, 2.4)
        }
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
}
