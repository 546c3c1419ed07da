// Views and how they are put together.

@_exported import Foundation
@_exported import Observation

@MainActor @preconcurrency public protocol View {
    associatedtype Body: View
    @ViewBuilder @MainActor @preconcurrency var body: Body { get }
}

/// A view that the framework draws by itself.
@MainActor @preconcurrency public protocol Primitive: View where Body == Never {}
extension Primitive { public var body: Never { fatalError("never drawn") } }

extension Never: View { public var body: Never { fatalError("never drawn") } }
extension Optional: View where Wrapped: View { public var body: Never { fatalError("never drawn") } }

public struct EmptyView: Primitive { nonisolated public init() {} }
public struct TupleView<each Part: View>: Primitive { init(_ part: repeat each Part) {} }
public struct ConditionalView<First: View, Second: View>: Primitive {}

@MainActor @resultBuilder public enum ViewBuilder {
    public static func buildBlock() -> EmptyView { EmptyView() }
    public static func buildBlock<Part: View>(_ part: Part) -> Part { part }
    public static func buildBlock<each Part: View>(_ part: repeat each Part) -> TupleView<repeat each Part> {
        TupleView(repeat each part)
    }
    public static func buildExpression<Part: View>(_ part: Part) -> Part { part }
    public static func buildIf<Part: View>(_ part: Part?) -> Part? { part }
    public static func buildEither<First: View, Second: View>(first: First) -> ConditionalView<First, Second> { ConditionalView() }
    public static func buildEither<First: View, Second: View>(second: Second) -> ConditionalView<First, Second> {
        ConditionalView()
    }
}

@MainActor @preconcurrency public protocol ViewModifier {
    associatedtype Body: View
    typealias Content = ModifierContent<Self>
    @ViewBuilder func body(content: Content) -> Body
}
public struct ModifierContent<Modifier: ViewModifier>: Primitive {}
extension View { public func modifier<Modifier: ViewModifier>(_ modifier: Modifier) -> some View { self } }

@MainActor @preconcurrency public protocol PreviewProvider {
    associatedtype Previews: View
    @ViewBuilder static var previews: Previews { get }
}
extension View {
    public func previewDisplayName(_ name: String?) -> some View { self }
}

// What views hold.

@propertyWrapper @dynamicMemberLookup public struct Binding<Value> {
    init(never: Void) {}
    @MainActor public var wrappedValue: Value {
        get { fatalError("never bound") }
        nonmutating set {}
    }
    public var projectedValue: Binding<Value> { self }
    public subscript<Part>(dynamicMember path: WritableKeyPath<Value, Part>) -> Binding<Part> { Binding<Part>(never: ()) }
}

@propertyWrapper public struct State<Value> {
    private let value: Value
    public init(wrappedValue: Value) { value = wrappedValue }
    public init(initialValue: Value) { value = initialValue }
    @MainActor public var wrappedValue: Value {
        get { value }
        nonmutating set {}
    }
    public var projectedValue: Binding<Value> { Binding(never: ()) }
}
extension State where Value: ExpressibleByNilLiteral { public init() { self.init(wrappedValue: nil) } }

@propertyWrapper @dynamicMemberLookup public struct Bindable<Value: AnyObject> {
    public var wrappedValue: Value
    public init(wrappedValue: Value) { self.wrappedValue = wrappedValue }
    public var projectedValue: Bindable<Value> { self }
    public subscript<Part>(dynamicMember path: ReferenceWritableKeyPath<Value, Part>) -> Binding<Part> { fatalError("never bound") }
}

// The environment.

public struct EnvironmentValues {
    public var layoutDirection = LayoutDirection.leftToRight
    public var colorScheme = ColorScheme.light
    public var dynamicTypeSize = DynamicTypeSize.large
    public var scenePhase = ScenePhase.active
    public var openURL: OpenURLAction { fatalError("never opened") }
    public var dismiss: DismissAction { fatalError("never dismissed") }
    public subscript<Key: EnvironmentKey>(key: Key.Type) -> Key.Value {
        get { Key.defaultValue }
        set {}
    }
}
public protocol EnvironmentKey {
    associatedtype Value
    static var defaultValue: Value { get }
}
@propertyWrapper public struct Environment<Value> {
    public init(_ path: KeyPath<EnvironmentValues, Value>) {}
    public init(_ type: Value.Type) where Value: AnyObject, Value: Observable {}
    @MainActor public var wrappedValue: Value { fatalError("never read") }
}
extension View {
    public func environment<Value>(_ path: WritableKeyPath<EnvironmentValues, Value>, _ value: Value) -> some View { self }
    public func environment<Object: AnyObject & Observable>(_ object: Object?) -> some View { self }
}
@MainActor public struct OpenURLAction {
    public func callAsFunction(_ url: URL) {}
    public func callAsFunction(_ url: URL, completion: @escaping (_ accepted: Bool) -> Void) {}
}
@MainActor public struct DismissAction { public func callAsFunction() {} }
public enum LayoutDirection: Hashable, Sendable { case leftToRight, rightToLeft }
public enum ColorScheme: Hashable, Sendable { case light, dark }
public enum ScenePhase: Comparable, Hashable, Sendable { case background, inactive, active }
public enum DynamicTypeSize: Comparable, Hashable, Sendable {
    case xSmall, small, medium, large, xLarge, xxLarge, xxxLarge
    case accessibility1, accessibility2, accessibility3, accessibility4, accessibility5
    public var isAccessibilitySize: Bool { self >= .accessibility1 }
}

@propertyWrapper public struct ScaledMetric<Value: BinaryFloatingPoint> {
    private let value: Value
    public init(wrappedValue: Value, relativeTo style: Font.TextStyle) { value = wrappedValue }
    @MainActor public var wrappedValue: Value { value }
}
