// What people read and touch.

public struct Text: Primitive {
    public init(_ text: some StringProtocol) {}
    public init(verbatim text: String) {}
    public func font(_ font: Font?) -> Text { self }
    public func bold() -> Text { self }
    public func foregroundStyle(_ style: some ShapeStyle) -> Text { self }
}

public struct Image: Primitive {
    public enum Interpolation: Sendable { case none, low, medium, high }
    public func resizable() -> Image { self }
    public func interpolation(_ interpolation: Interpolation) -> Image { self }
}

public struct ButtonRole: Equatable, Sendable { public static let destructive = ButtonRole(), cancel = ButtonRole() }
public struct Button<Label: View>: Primitive {
    public init(role: ButtonRole? = nil, action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> Label) {}
}
extension Button where Label == Text {
    public init(_ title: some StringProtocol, role: ButtonRole? = nil, action: @escaping @MainActor () -> Void) {}
}
@MainActor @preconcurrency public protocol ButtonStyle {
    associatedtype Body: View
    typealias Configuration = ButtonStyleConfiguration
    @ViewBuilder func makeBody(configuration: Configuration) -> Body
}
public struct ButtonStyleConfiguration {
    public struct Label: Primitive {}
    public let label: Label
    public let isPressed: Bool
}

public struct TextField<Label: View>: Primitive {
    public init(text: Binding<String>, prompt: Text? = nil, axis: Axis, @ViewBuilder label: () -> Label) {}
}
extension TextField where Label == Text {
    public init(_ title: some StringProtocol, text: Binding<String>, prompt: Text? = nil) {}
    public init(_ title: some StringProtocol, text: Binding<String>, prompt: Text? = nil, axis: Axis) {}
}
public struct SecureField<Label: View>: Primitive {}
extension SecureField where Label == Text {
    public init(_ title: some StringProtocol, text: Binding<String>, prompt: Text? = nil) {}
}
public struct Picker<Label: View, Value: Hashable, Content: View>: Primitive {
    public init(selection: Binding<Value>, @ViewBuilder content: () -> Content, @ViewBuilder label: () -> Label) {}
}
extension Picker where Label == Text {
    public init(_ title: some StringProtocol, selection: Binding<Value>, @ViewBuilder content: () -> Content) {}
}
public protocol PickerStyle {}
public struct MenuPickerStyle: PickerStyle {}
extension PickerStyle where Self == MenuPickerStyle { public static var menu: MenuPickerStyle { MenuPickerStyle() } }
public struct DatePicker<Label: View>: Primitive {}
public struct DatePickerComponents: OptionSet, Sendable {
    public let rawValue: UInt
    public init(rawValue: UInt) { self.rawValue = rawValue }
    public static let hourAndMinute = DatePickerComponents(rawValue: 1), date = DatePickerComponents(rawValue: 2)
}
extension DatePicker where Label == Text {
    public init(
        _ title: some StringProtocol, selection: Binding<Date>, displayedComponents: DatePickerComponents = [.hourAndMinute, .date]
    ) {}
}
public struct Stepper<Label: View>: Primitive {
    public init<Value: Strideable>(
        value: Binding<Value>, in bounds: ClosedRange<Value>, step: Value.Stride = 1, @ViewBuilder label: () -> Label
    ) {}
}
public struct ProgressView: Primitive { public init() {} }

public struct SubmitLabel: Sendable {
    public static let done = SubmitLabel(), go = SubmitLabel(), search = SubmitLabel(), next = SubmitLabel()
}
public struct TextInputAutocapitalization: Sendable {
    public static var never: TextInputAutocapitalization { TextInputAutocapitalization() }
    public static var sentences: TextInputAutocapitalization { TextInputAutocapitalization() }
    public static var words: TextInputAutocapitalization { TextInputAutocapitalization() }
}
public enum Visibility: Hashable, Sendable { case automatic, visible, hidden }
public struct ShareLink<Label: View>: Primitive {
    public init(item: String, @ViewBuilder label: () -> Label) {}
}
