import SwiftUI

/// The pictograms, drawn by hand on a square of 24. Each stands beside words, or has a label that a screen reader says.
enum Pictogram: CaseIterable, Sendable {
    case today, checkIn, together, directory
    case back, forward, close, more, add, done, chosen, box, ticked
    case person, lock, exchange, phone, search, code, place, clock, bag, heart, alert

    /// It points along the line, so it turns around where lines run from right to left.
    var isDirected: Bool { self == .back || self == .forward }
}

/// A pictogram in the colour around it, as large as the words beside it.
struct PictogramView: View {
    let pictogram: Pictogram
    @ScaledMetric(relativeTo: .body) private var size: CGFloat = 24

    init(_ pictogram: Pictogram, size: CGFloat = 24) {
        self.pictogram = pictogram
        _size = ScaledMetric(wrappedValue: size, relativeTo: .body)
    }

    var body: some View {
        PictogramLines(pictogram: pictogram)
            .stroke(style: StrokeStyle(lineWidth: size / 12, lineCap: .round, lineJoin: .round))
            .frame(width: size, height: size)
            .flipsForRightToLeftLayoutDirection(pictogram.isDirected)
            .accessibilityHidden(true)
    }
}

/// The lines of a pictogram.
struct PictogramLines: Shape {
    let pictogram: Pictogram

    func path(in rect: CGRect) -> Path {
        let pen = Pen(rect)
        return Path { path in draw(pen, &path) }
    }

    private nonisolated func draw(_ pen: Pen, _ path: inout Path) {
        switch pictogram {
        case .today:  // the sun over the horizon
            pen.line(&path, (3, 18), (21, 18))
            pen.curve(&path, (6.5, 18), (6.5, 12), (12, 12))
            pen.curve(&path, (12, 12), (17.5, 12), (17.5, 18))
            pen.line(&path, (12, 5), (12, 8))
            pen.line(&path, (4.6, 9.4), (6.8, 11.2))
            pen.line(&path, (19.4, 9.4), (17.2, 11.2))
        case .checkIn:
            pen.circle(&path, (12, 12), 9)
            pen.circle(&path, (9, 10), 0.6)
            pen.circle(&path, (15, 10), 0.6)
            pen.curve(&path, (8, 14.4), (12, 17.6), (16, 14.4))
        case .together:
            pen.circle(&path, (8.5, 8.5), 3.2)
            pen.circle(&path, (16.4, 9.6), 2.5)
            pen.curve(&path, (2.8, 19), (3.4, 13.8), (8.5, 13.8))
            pen.curve(&path, (8.5, 13.8), (13.6, 13.8), (14.2, 19))
            pen.curve(&path, (16.4, 14.2), (20.6, 14.2), (21.2, 18.6))
        case .directory:  // an open book
            pen.curve(&path, (12, 7), (8, 4.4), (3, 5.4))
            pen.line(&path, (3, 5.4), (3, 18.4))
            pen.curve(&path, (3, 18.4), (8, 17.4), (12, 20))
            pen.curve(&path, (12, 20), (16, 17.4), (21, 18.4))
            pen.line(&path, (21, 18.4), (21, 5.4))
            pen.curve(&path, (21, 5.4), (16, 4.4), (12, 7))
            pen.line(&path, (12, 7), (12, 20))
        case .back: pen.line(&path, (14.5, 5), (8, 12), (14.5, 19))
        case .forward: pen.line(&path, (9.5, 6), (15, 12), (9.5, 18))
        case .close:
            pen.line(&path, (6, 6), (18, 18))
            pen.line(&path, (18, 6), (6, 18))
        case .more: pen.line(&path, (5, 9.5), (12, 16), (19, 9.5))
        case .add:
            pen.line(&path, (12, 5), (12, 19))
            pen.line(&path, (5, 12), (19, 12))
        case .done: pen.line(&path, (5, 12.5), (10, 17.5), (19.5, 7))
        case .chosen:
            pen.circle(&path, (12, 12), 9)
            pen.line(&path, (7.8, 12.4), (11, 15.4), (16.4, 9))
        case .box:  // to be ticked, where several can be chosen
            pen.box(&path, (4, 4), 16, 16, round: 3.5)
        case .ticked:
            pen.box(&path, (4, 4), 16, 16, round: 3.5)
            pen.line(&path, (7.8, 12.4), (11, 15.4), (16.4, 9))
        case .person:
            pen.circle(&path, (12, 8), 4)
            pen.curve(&path, (4, 20.5), (4.8, 14.5), (12, 14.5))
            pen.curve(&path, (12, 14.5), (19.2, 14.5), (20, 20.5))
        case .lock:
            pen.box(&path, (5, 10.5), 14, 10, round: 2.5)
            pen.curve(&path, (8, 10.5), (8, 4), (12, 4))
            pen.curve(&path, (12, 4), (16, 4), (16, 10.5))
        case .bag:  // something to carry: help with what is done by hand
            pen.box(&path, (4.5, 8.5), 15, 12, round: 2.2)
            pen.curve(&path, (8.5, 11.5), (8.5, 3.5), (12, 3.5))
            pen.curve(&path, (12, 3.5), (15.5, 3.5), (15.5, 11.5))
        case .exchange:  // one there, one here
            pen.line(&path, (4, 8.5), (20, 8.5))
            pen.line(&path, (16, 4.5), (20, 8.5))
            pen.line(&path, (20, 15.5), (4, 15.5))
            pen.line(&path, (8, 19.5), (4, 15.5))
        case .phone:
            pen.box(&path, (7, 2.5), 10, 19, round: 2.2)
            pen.line(&path, (11, 18.2), (13, 18.2))
        case .search:
            pen.circle(&path, (10.5, 10.5), 6)
            pen.line(&path, (15, 15), (20, 20))
        case .code:
            pen.box(&path, (4, 4), 6, 6, round: 1)
            pen.box(&path, (14, 4), 6, 6, round: 1)
            pen.box(&path, (4, 14), 6, 6, round: 1)
            pen.line(&path, (14, 14), (17, 14))
            pen.line(&path, (20, 14), (20, 17))
            pen.line(&path, (14, 17.5), (14, 20))
            pen.line(&path, (17.5, 20), (20, 20))
        case .place:
            pen.circle(&path, (12, 9.5), 2.4)
            pen.curve(&path, (12, 21), (5, 14.5), (5, 9.5))
            pen.curve(&path, (5, 9.5), (5.4, 3), (12, 3))
            pen.curve(&path, (12, 3), (18.6, 3), (19, 9.5))
            pen.curve(&path, (19, 9.5), (19, 14.5), (12, 21))
        case .clock:
            pen.circle(&path, (12, 12), 9)
            pen.line(&path, (12, 6.8), (12, 12), (15.4, 14))
        case .heart:
            pen.curve(&path, (12, 20), (2.6, 13.6), (3.4, 8.6))
            pen.curve(&path, (3.4, 8.6), (6.8, 2.6), (12, 7.6))
            pen.curve(&path, (12, 7.6), (17.2, 2.6), (20.6, 8.6))
            pen.curve(&path, (20.6, 8.6), (21.4, 13.6), (12, 20))
        case .alert:
            pen.circle(&path, (12, 12), 9)
            pen.line(&path, (12, 7), (12, 13))
            pen.circle(&path, (12, 16.6), 0.5)
        }
    }
}
