// Colours, type, shapes.

import CoreImage
import UIKit

@MainActor @preconcurrency public protocol ShapeStyle: Sendable {}
public struct Color: View, ShapeStyle, Hashable, Sendable {
    nonisolated public init(uiColor: UIColor) {}
    nonisolated public init(red: Double, green: Double, blue: Double, opacity: Double = 1) {}
    nonisolated public static var clear: Color { Color(red: 0, green: 0, blue: 0) }
    nonisolated public static var black: Color { .clear }
    nonisolated public static var white: Color { Color(red: 1, green: 1, blue: 1) }
    // Not used: named so that a colour of ours cannot take one of these names unseen.
    nonisolated public static var red: Color { .clear }
    nonisolated public static var orange: Color { .clear }
    nonisolated public static var yellow: Color { .clear }
    nonisolated public static var green: Color { .clear }
    nonisolated public static var mint: Color { .clear }
    nonisolated public static var teal: Color { .clear }
    nonisolated public static var cyan: Color { .clear }
    nonisolated public static var blue: Color { .clear }
    nonisolated public static var indigo: Color { .clear }
    nonisolated public static var purple: Color { .clear }
    nonisolated public static var pink: Color { .clear }
    nonisolated public static var brown: Color { .clear }
    nonisolated public static var gray: Color { .clear }
    nonisolated public static var primary: Color { .clear }
    nonisolated public static var secondary: Color { .clear }
    nonisolated public static var accentColor: Color { .clear }
    nonisolated public func opacity(_ opacity: Double) -> Color { self }
    public var body: Never { fatalError("never drawn") }
}

public struct Font: Hashable, Sendable {
    public enum TextStyle: Sendable {
        case largeTitle, title, title2, title3, headline, subheadline, body, callout, footnote, caption
    }
    public enum Design: Hashable, Sendable { case `default`, serif, rounded, monospaced }
    public struct Weight: Hashable, Sendable {
        public static let regular = Weight(), medium = Weight(), semibold = Weight(), bold = Weight()
    }
    public static func system(_ style: TextStyle, design: Design? = nil, weight: Weight? = nil) -> Font { Font() }
    public func weight(_ weight: Weight) -> Font { self }
}

public protocol Shape: View, Sendable {
    nonisolated func path(in rect: CGRect) -> Path
}
extension Shape {
    public var body: Never { fatalError("never drawn") }
    public func fill(_ style: some ShapeStyle) -> some View { self }
    public func stroke(_ style: some ShapeStyle, style stroke: StrokeStyle) -> some View { self }
    public func stroke(style: StrokeStyle) -> some Shape { self }
    public func stroke(_ style: some ShapeStyle, lineWidth: CGFloat = 1) -> some View { self }
}
public struct StrokeStyle: Equatable, Sendable {
    public init(lineWidth: CGFloat = 1, lineCap: CGLineCap = .butt, lineJoin: CGLineJoin = .miter) {}
}
public enum CGLineCap: Sendable { case butt, round, square }
public enum CGLineJoin: Sendable { case miter, round, bevel }
public enum RoundedCornerStyle: Sendable { case circular, continuous }
public struct RoundedRectangle: Shape {
    nonisolated public init(cornerRadius: CGFloat, style: RoundedCornerStyle = .continuous) {}
    nonisolated public func path(in rect: CGRect) -> Path { Path() }
}
public struct Circle: Shape {
    nonisolated public init() {}
    nonisolated public func path(in rect: CGRect) -> Path { Path() }
}
public struct Capsule: Shape {
    nonisolated public init(style: RoundedCornerStyle = .continuous) {}
    nonisolated public func path(in rect: CGRect) -> Path { Path() }
}
public struct Rectangle: Shape {
    nonisolated public init() {}
    nonisolated public func path(in rect: CGRect) -> Path { Path() }
}

public struct Path: Equatable, Sendable {
    public init() {}
    public init(_ draw: (inout Path) -> Void) { draw(&self) }
    public mutating func move(to point: CGPoint) {}
    public mutating func addLine(to point: CGPoint) {}
    public mutating func addQuadCurve(to point: CGPoint, control: CGPoint) {}
    public mutating func addEllipse(in rect: CGRect) {}
    public mutating func addRoundedRect(in rect: CGRect, cornerSize: CGSize) {}
}

extension Image {
    public init(decorative image: CGImage, scale: CGFloat) {}
    public init(_ image: CGImage, scale: CGFloat, label: Text) {}
}
