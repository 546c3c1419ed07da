import SwiftUI

/// One of the five faces, 1 (very hard) to 5 (very good), drawn by hand. It says nothing to a screen reader: what stands beside it does.
struct Face: View {
    let feeling: Int
    @ScaledMetric(relativeTo: .body) private var size: CGFloat = 52

    /// `large` for choosing one; small beside a check-in.
    init(_ feeling: Int, large: Bool = false) {
        self.feeling = min(max(feeling, 1), Palette.faces.count)
        _size = ScaledMetric(wrappedValue: large ? 60 : 40, relativeTo: .body)
    }

    var body: some View {
        ZStack {
            Circle().fill(Color(Palette.faces[feeling - 1]))
            FaceLines(feeling: feeling)
                .stroke(Color.faceInk, style: StrokeStyle(lineWidth: size / 18, lineCap: .round, lineJoin: .round))
        }
        .frame(width: size, height: size)
        .accessibilityHidden(true)
    }
}

/// Brows, eyes and mouth, on a square of 24.
struct FaceLines: Shape {
    let feeling: Int

    func path(in rect: CGRect) -> Path {
        let pen = Pen(rect)
        return Path { path in
            switch feeling {
            case 1:  // tired eyes, closed; brows raised towards the middle
                pen.curve(&path, (6.5, 10.5), (8.2, 12), (10, 10.5))
                pen.curve(&path, (14, 10.5), (15.8, 12), (17.5, 10.5))
                pen.line(&path, (6.4, 8.2), (9.6, 6.8))
                pen.line(&path, (17.6, 8.2), (14.4, 6.8))
                pen.curve(&path, (8.2, 17.6), (12, 14), (15.8, 17.6))
            case 2:
                pen.eyes(&path)
                pen.line(&path, (6.6, 7.6), (9.4, 6.8))
                pen.line(&path, (17.4, 7.6), (14.6, 6.8))
                pen.curve(&path, (8.4, 16.8), (12, 14.8), (15.6, 16.8))
            case 3:
                pen.eyes(&path)
                pen.line(&path, (8.6, 16), (15.4, 16))
            case 4:
                pen.eyes(&path)
                pen.curve(&path, (8.2, 14.8), (12, 18), (15.8, 14.8))
            default:  // eyes that laugh
                pen.curve(&path, (6.8, 10.2), (8.4, 8), (10, 10.2))
                pen.curve(&path, (14, 10.2), (15.6, 8), (17.2, 10.2))
                pen.curve(&path, (7.2, 13.6), (12, 20.4), (16.8, 13.6))
                pen.line(&path, (7.2, 13.6), (16.8, 13.6))
            }
        }
    }
}

/// Draws on a square of 24, wherever that lies.
struct Pen {
    typealias Point = (x: CGFloat, y: CGFloat)
    private let rect: CGRect

    init(_ rect: CGRect) { self.rect = rect }

    func line(_ path: inout Path, _ points: Point...) {
        for (index, point) in points.enumerated() {
            if index == 0 { path.move(to: at(point)) } else { path.addLine(to: at(point)) }
        }
    }

    func curve(_ path: inout Path, _ start: Point, _ control: Point, _ end: Point) {
        path.move(to: at(start))
        path.addQuadCurve(to: at(end), control: at(control))
    }

    func circle(_ path: inout Path, _ centre: Point, _ radius: CGFloat) {
        let corner = at((centre.x - radius, centre.y - radius))
        path.addEllipse(in: CGRect(x: corner.x, y: corner.y, width: 2 * radius * unit, height: 2 * radius * unit))
    }

    func box(_ path: inout Path, _ corner: Point, _ width: CGFloat, _ height: CGFloat, round: CGFloat = 0) {
        let start = at(corner)
        path.addRoundedRect(
            in: CGRect(x: start.x, y: start.y, width: width * unit, height: height * unit),
            cornerSize: CGSize(width: round * unit, height: round * unit))
    }

    fileprivate func eyes(_ path: inout Path) {
        circle(&path, (8.4, 10.2), 0.7)
        circle(&path, (15.6, 10.2), 0.7)
    }

    private var unit: CGFloat { min(rect.width, rect.height) / 24 }

    private func at(_ point: Point) -> CGPoint {
        CGPoint(x: rect.midX + (point.x - 12) * unit, y: rect.midY + (point.y - 12) * unit)
    }
}
